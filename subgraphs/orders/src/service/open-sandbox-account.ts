import { clientOf } from '@fulfillment/kernel/domain/viewer';
import { type ContactPersonInput, judgeContactPerson } from '../domain/account/contact.js';
import { type AccountError, accountErrorCodes } from '../domain/account/errors.js';
import { openedSandbox, type SandboxAccountInput } from '../domain/account/open-sandbox-account.js';
import { idempotencyKeyLength, textError } from '../domain/order/text.js';
import { putContact } from './contacts/set-contact.js';
import type { Asking } from './load-facts.js';
import { grantsOfAccount, promiseAccount, promiseGrant } from './promises.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

export interface OpenSandboxAccountRequest extends SandboxAccountInput {
  readonly idempotencyKey: string;
  /** Who receives its licenses. */
  readonly soldToContact?: ContactPersonInput | null;
}

/** The account that was opened, or what is wrong with it. It is kept with the key, so it is plain JSON. */
export interface OpenSandboxAccountAnswer {
  readonly accountId: string | null;
  readonly errors: readonly AccountError[];
}

/** Opens an account on a test clock and tells the other services. The same key and input give the first answer again. */
export async function openSandboxAccount(
  run: RunTransaction,
  asking: Asking,
  { idempotencyKey, ...input }: OpenSandboxAccountRequest,
): Promise<OpenSandboxAccountAnswer> {
  const keyError = textError(idempotencyKey, ['idempotencyKey'], idempotencyKeyLength);
  if (keyError !== null) return refused([keyError]);
  return run(async (unit) => {
    const call = {
      client: clientOf(asking.viewer),
      mutation: 'openSandboxAccount',
      key: idempotencyKey,
      input,
    };
    const once = await unit.answerOnce(call, () => open(unit, asking, input));
    if (once.kind === 'ANSWERED') return once.answer;
    const message = accountErrorCodes[once.reason];
    return refused([{ code: once.reason, message, field: ['idempotencyKey'] }]);
  });
}

async function open(
  unit: UnitOfWork,
  { viewer }: Asking,
  { soldToContact = null, ...input }: Omit<OpenSandboxAccountRequest, 'idempotencyKey'>,
): Promise<OpenSandboxAccountAnswer> {
  const at = await unit.clock.now(null);
  const opened = openedSandbox(input, { id: unit.newId(), at });
  const person = soldToContact && judgeContactPerson(soldToContact, ['soldToContact']);
  const errors = [...(opened.ok ? [] : opened.error), ...(person === null || person.ok ? [] : person.error)];
  if (!opened.ok || person?.ok === false) return refused(errors);
  const account = opened.value;
  await unit.accounts.add(account);
  await promiseAccount(unit, account, at);
  for (const grant of grantsOfAccount(account)) await promiseGrant(unit, grant, at);
  if (person !== null) {
    await putContact(unit, { accountId: account.id, role: 'SOLD_TO', person: person.value, viewer });
  }
  return { accountId: account.id, errors: [] };
}

function refused(errors: readonly AccountError[]): OpenSandboxAccountAnswer {
  return { accountId: null, errors };
}
