import { clientOf, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { err, type Result } from '@fulfillment/kernel/domain/result';
import { refusal, type Refusal } from '../domain/refusal.js';
import { keyLength, textRefusal } from '../domain/text.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

/** What every mutation is called with. */
export interface Keyed {
  readonly idempotencyKey: string;
}

/** Who asks, and at which instant the viewer's grants must hold. */
export interface Asking {
  readonly viewer: Viewer;
  readonly receivedAt: Date;
}

/**
 * Carries a mutation out in one transaction, and gives its outcome (plain JSON) to every repetition with the same key and
 * input. Refusals are outcomes too.
 */
export async function callOnce<Outcome>(
  run: RunTransaction,
  { viewer }: Asking,
  mutation: string,
  { idempotencyKey: key, ...input }: Keyed,
  work: (unit: UnitOfWork) => Promise<Result<Outcome, Refusal>>,
): Promise<Result<Outcome, Refusal>> {
  const keyRefusal = textRefusal(key, 'idempotencyKey', keyLength);
  if (keyRefusal !== null) return err(keyRefusal);
  return run(async (unit) => {
    const call = { client: clientOf(viewer), mutation, key, input };
    const once = await unit.answerOnce(call, () => work(unit));
    return once.kind === 'ANSWERED' ? once.answer : err(refusal(once.reason, ['idempotencyKey']));
  });
}
