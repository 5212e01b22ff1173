import { clientOf, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { readKnownId, textFault } from './billing-answer.js';
import { sendTestClock, type TestClockRefusal } from './test-clock.js';
import type { UnitOfWork } from './ports.js';

/** Where a test clock stands and where it is going. */
export interface TestClockState {
  readonly accountId: string;
  readonly now: Date;
  readonly target: Date;
  readonly settled: boolean;
}

export interface MoveTestClockInput {
  readonly idempotencyKey: string;
  readonly accountId: string;
  readonly to: Date;
}

/** What can be wrong with moving a test clock: the codes of `TestClockErrorCode` in the contract, with what to do. */
export const testClockErrors = {
  TEST_CLOCK_NOT_FOUND: {
    field: 'accountId',
    message: 'Give the id of a sandbox account, a moment after it was opened.',
  },
  INSTANT_INVALID: {
    field: 'to',
    message:
      'Give an instant later than the one that the clock is going to, and at most ten years after its present one.',
  },
  IDEMPOTENCY_CONFLICT: {
    field: 'idempotencyKey',
    message: 'The same key is being worked on; try again in a moment.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    field: 'idempotencyKey',
    message: 'The key was used with another input; use a new one.',
  },
  INVALID_VALUE: {
    field: 'idempotencyKey',
    message: 'Give a key of 8 to 255 characters, and none that cannot be written.',
  },
} as const;

export type TestClockErrorCode = keyof typeof testClockErrors;

/** The clock on its way, or what is wrong. */
export type MoveTestClockAnswer =
  | { readonly testClock: TestClockState; readonly error: null }
  | { readonly testClock: null; readonly error: TestClockErrorCode };

/** Runs work in one transaction of the service. */
type RunTransaction = <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>;

/** Sends a test clock on its way, once for each key. It gets there by itself. */
export async function moveTestClock(
  transaction: RunTransaction,
  viewer: Viewer,
  { idempotencyKey, accountId, to }: MoveTestClockInput,
): Promise<MoveTestClockAnswer> {
  const keyFault = textFault(idempotencyKey, 'idempotencyKey', { minimum: 8, maximum: 255 });
  if (keyFault !== null) return refused('INVALID_VALUE');
  const call = {
    client: clientOf(viewer),
    mutation: 'advanceTestClock',
    key: idempotencyKey,
    input: { accountId, to: to.toISOString() },
  };
  const answer = await transaction((work) =>
    work.answerOnce<TestClockRefusal | null>(call, async () => {
      const id = readKnownId(accountId);
      const sent = id === null ? 'TEST_CLOCK_NOT_FOUND' : await sendTestClock(work, id, to);
      return typeof sent === 'string' ? sent : null;
    }),
  );
  if (answer.kind === 'REFUSED') return refused(answer.reason);
  if (answer.answer !== null) return refused(answer.answer);
  const testClock = await readTestClock(transaction, accountId.toLowerCase());
  return testClock === null ? refused('TEST_CLOCK_NOT_FOUND') : { testClock, error: null };
}

/** Where a test clock stands; null when the account has none. */
export function readTestClock(
  transaction: RunTransaction,
  accountId: string,
): Promise<TestClockState | null> {
  return transaction(async (work) => {
    const clock = await work.testClocks.find(accountId);
    if (clock === null) return null;
    const going = await work.testClockTargets.find(accountId);
    const { now } = clock;
    return going === null
      ? { accountId, now, target: now, settled: true }
      : { accountId, now, target: going.target, settled: going.settled };
  });
}

function refused(error: TestClockErrorCode): MoveTestClockAnswer {
  return { testClock: null, error };
}
