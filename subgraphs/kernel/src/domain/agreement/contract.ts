import { localDate, type LocalDate } from '../calendar.js';
import { type CurrencyCode, isCurrency } from '../currencies.js';
import type { AgreementAction } from './actions/action.js';
import type { Agreement } from './agreement.js';

/** A value as an event carries it: days and currencies are plain text. */
export type Plain<T> = [T] extends [CurrencyCode]
  ? string
  : T extends LocalDate
    ? string
    : T extends string | number | boolean | null
      ? T
      : T extends readonly (infer Item)[]
        ? Plain<Item>[]
        : { -readonly [Key in keyof T]: Plain<T[Key]> };

/** An agreement as an event carries it. Throws a RangeError when its currency or a day is none. */
export function agreementFromContract(plain: Plain<Agreement>): Agreement {
  const { currency, term, billing, suspendedOn, canceledOn } = plain;
  if (!isCurrency(currency)) throw new RangeError(`Not a currency: ${currency}`);
  return {
    ...plain,
    currency,
    term: { ...term, startDate: localDate(term.startDate), endDate: localDate(term.endDate) },
    billing: { ...billing, anchor: localDate(billing.anchor) },
    suspendedOn: suspendedOn === null ? null : localDate(suspendedOn),
    canceledOn: canceledOn === null ? null : localDate(canceledOn),
  };
}

/** An action as an event carries it. Throws a RangeError when its currency or a day is none. */
export function actionFromContract(plain: Plain<AgreementAction>): AgreementAction {
  if (plain.kind === 'CREATE_SUBSCRIPTION') {
    return { ...plain, agreement: agreementFromContract(plain.agreement) };
  }
  if (plain.kind === 'CANCEL') return { ...plain, on: plain.on === null ? null : localDate(plain.on) };
  if (plain.kind === 'EXTEND_TRIAL') return { ...plain, endDate: localDate(plain.endDate) };
  if (plain.kind === 'CONVERT_TRIAL') return { ...plain, billingAnchor: localDate(plain.billingAnchor) };
  return plain;
}

/** An agreement as an event is to carry it. */
export function agreementToContract(agreement: Agreement): Plain<Agreement> {
  const { items, renewal } = agreement;
  return { ...agreement, items: [...items], renewal: { ...renewal, planned: [...renewal.planned] } };
}

/** An action as an event is to carry it. */
export function actionToContract(action: AgreementAction): Plain<AgreementAction> {
  if (action.kind === 'CREATE_SUBSCRIPTION') {
    return { ...action, agreement: agreementToContract(action.agreement) };
  }
  if (action.kind === 'RENEW') return { ...action, quantities: [...action.quantities] };
  return action;
}
