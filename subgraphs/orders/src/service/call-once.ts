import type { UserError } from '@fulfillment/kernel/domain/user-error';
import { clientOf } from '@fulfillment/kernel/domain/viewer';
import { orderErrorCodes } from '../domain/order/errors.js';
import { idempotencyKeyLength, textError } from '../domain/order/text.js';
import type { Asking } from './load-facts.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

/** What every mutation is called with. */
export interface Keyed {
  readonly idempotencyKey: string;
}

/** What is wrong with a call as such. */
export type KeyError = UserError<'INVALID_VALUE' | 'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_CONFLICT'>;

/**
 * Carries a mutation out in one transaction, and gives its answer (plain JSON) to every repetition with the same key and
 * input. Business refusals are answers too.
 *
 * @param refuse makes an answer of what is wrong with the key
 */
export async function callOnce<Answer>(
  run: RunTransaction,
  { viewer }: Asking,
  mutation: string,
  { idempotencyKey: key, ...input }: Keyed,
  work: (unit: UnitOfWork) => Promise<Answer>,
  refuse: (error: KeyError) => Answer,
): Promise<Answer> {
  const invalid = keyFault(key);
  if (invalid !== null) return refuse(invalid);
  return run(async (unit) => {
    const call = { client: clientOf(viewer), mutation, key, input };
    const once = await unit.answerOnce(call, () => work(unit));
    if (once.kind === 'ANSWERED') return once.answer;
    return refuse({ code: once.reason, message: orderErrorCodes[once.reason], field: keyField });
  });
}

const keyField = ['idempotencyKey'];

/** What is wrong with a key, whatever it is used for; null when nothing is. */
export function keyFault(key: string): KeyError | null {
  const invalid = textError(key, keyField, idempotencyKeyLength);
  return invalid === null ? null : { code: 'INVALID_VALUE', message: invalid.message, field: keyField };
}
