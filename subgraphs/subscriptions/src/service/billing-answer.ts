import { isUuid } from '@fulfillment/kernel/domain/ids';
import { legalEntities } from '@fulfillment/kernel/domain/legal-entity';
import { lineFault, type TextLength } from '@fulfillment/kernel/domain/line-of-text';
import { isCurrency, type Money, parseAmount } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { clientOf, type Viewer } from '@fulfillment/kernel/domain/viewer';
import { type BillingRefusal, billingRefusalCodes, refusal } from '../domain/receivables/refusal.js';
import type { UnitOfWork } from './ports.js';
import type { RunTransaction } from './run-transaction.js';

/** What a mutation came to: the id of what it made, or what is wrong. It is kept with the key, so it is plain JSON. */
interface Kept {
  readonly id: string | null;
  readonly errors: readonly BillingRefusal[];
}

export interface BillingAnswer extends Kept {
  /** True when it was given before. */
  readonly repeated: boolean;
}

/** Who is asking, with which key, for what. */
export interface BillingCall<Input> {
  readonly viewer: Viewer;
  readonly mutation: string;
  readonly idempotencyKey: string;
  /** The whole input but the key. */
  readonly input: Input;
}

/** Does the work of a mutation once for each key, in one transaction; the same key and input give the first answer again. */
export async function answerBilling<Input>(
  run: RunTransaction,
  { viewer, mutation, idempotencyKey, input }: BillingCall<Input>,
  work: (unit: UnitOfWork) => Promise<Result<string, BillingRefusal>>,
): Promise<BillingAnswer> {
  const keyFault = textFault(idempotencyKey, 'idempotencyKey', { minimum: 8, maximum: 255 });
  if (keyFault !== null) return { ...refused(keyFault), repeated: false };
  return run(async (unit) => {
    const call = { client: clientOf(viewer), mutation, key: idempotencyKey, input };
    const once = await unit.answerOnce<Kept>(call, async () => {
      const done = await work(unit);
      return done.ok ? { id: done.value, errors: [] } : refused(done.error);
    });
    if (once.kind === 'ANSWERED') return { ...once.answer, repeated: once.repeated };
    const conflict = refusal(once.reason, billingRefusalCodes[once.reason], ['idempotencyKey']);
    return { ...refused(conflict), repeated: false };
  });
}

/** An amount as it is given, or what is wrong with it. */
export function readMoney(
  given: { readonly amount: string; readonly currency: string },
  field: string,
): Result<Money, BillingRefusal> {
  if (!isCurrency(given.currency)) {
    const message = `${given.currency.slice(0, 10)} is not a currency: give its ISO 4217 code.`;
    return err(refusal('CURRENCY_UNKNOWN', message, [field, 'currency']));
  }
  const parsed = parseAmount(given.amount, given.currency);
  if (parsed.ok) return ok(parsed.value);
  const message = `Give the amount in major units with no more digits than ${given.currency} has, such as 12.`;
  return err(refusal('INVALID_VALUE', message, [field, 'amount']));
}

/** What is wrong with a line of text, 1 to 255 characters long unless said otherwise; null when nothing is. */
export function textFault(
  text: string,
  field: string,
  length: TextLength = { minimum: 1, maximum: 255 },
): BillingRefusal | null {
  const message = lineFault(text, field, length);
  return message === null ? null : refusal('INVALID_VALUE', message, [field]);
}

/** What is wrong with the code of a legal entity; null when we have such a company. */
export function legalEntityFault(code: string): BillingRefusal | null {
  if (Object.hasOwn(legalEntities, code)) return null;
  const message = `Give the code of a legal entity: ${Object.keys(legalEntities).join(', ')}.`;
  return refusal('INVALID_VALUE', message, ['legalEntity']);
}

/** An id in the form in which ids are stored; null when it is none, so that it names nothing. */
export function readKnownId(id: string): string | null {
  return isUuid(id) ? id.toLowerCase() : null;
}

function refused(error: BillingRefusal): Kept {
  return { id: null, errors: [error] };
}
