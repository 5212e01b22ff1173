import { clientOf } from '@fulfillment/kernel/domain/viewer';
import {
  type AccountError,
  accountErrorCodes,
  openedSandbox,
  type SandboxAccountInput,
} from '../domain/account/open-sandbox-account.js';
import { idempotencyKeyLength, textError } from '../domain/order/text.js';
import type { Asking } from './load-facts.js';
import { grantsOfAccount, promiseAccount, promiseGrant } from './promises.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

export interface OpenSandboxAccountRequest extends SandboxAccountInput {
  readonly idempotencyKey: string;
}

/** The account that was opened, or what is wrong with it. It is kept with the key, so it is plain JSON. */
export interface OpenSandboxAccountAnswer {
  readonly accountId: string | null;
  readonly errors: readonly AccountError[];
}

/** Opens an account on a test clock and tells the other services. The same key and input give the first answer again. */
export async function openSandboxAccount(
  run: RunTransaction,
  { viewer }: Asking,
  { idempotencyKey, ...input }: OpenSandboxAccountRequest,
): Promise<OpenSandboxAccountAnswer> {
  const keyError = textError(idempotencyKey, ['idempotencyKey'], idempotencyKeyLength);
  if (keyError !== null) return refused([keyError]);
  return run(async (unit) => {
    const call = { client: clientOf(viewer), mutation: 'openSandboxAccount', key: idempotencyKey, input };
    const once = await unit.answerOnce(call, () => open(unit, input));
    if (once.kind === 'ANSWERED') return once.answer;
    const message = accountErrorCodes[once.reason];
    return refused([{ code: once.reason, message, field: ['idempotencyKey'] }]);
  });
}

async function open(unit: UnitOfWork, input: SandboxAccountInput): Promise<OpenSandboxAccountAnswer> {
  const at = await unit.clock.now(null);
  const opened = openedSandbox(input, { id: unit.newId(), at });
  if (!opened.ok) return refused(opened.error);
  const account = opened.value;
  await unit.accounts.add(account);
  await promiseAccount(unit, account, at);
  for (const grant of grantsOfAccount(account)) await promiseGrant(unit, grant, at);
  return { accountId: account.id, errors: [] };
}

function refused(errors: readonly AccountError[]): OpenSandboxAccountAnswer {
  return { accountId: null, errors };
}
