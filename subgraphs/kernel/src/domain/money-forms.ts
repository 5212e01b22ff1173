import { type CurrencyCode, formatAmount, type Money } from './money.js';

/** The graph's `Money`: major units with the digits of the currency, for example "348.00". */
export function moneyToGraphql(amount: Money): { amount: string; currency: CurrencyCode } {
  return { amount: formatAmount(amount), currency: amount.currency };
}

/** The graph's `Money` of a unit price as it was agreed: it may have more digits than the currency. */
export function unitPriceToGraphql(
  unitPrice: string,
  currency: CurrencyCode,
): { amount: string; currency: CurrencyCode } {
  return { amount: unitPrice, currency };
}

/** `moneyPayload` of the events' contract: minor units, for example "34800". */
export function moneyToPayload({ minor, currency }: Money): { minor: string; currency: CurrencyCode } {
  return { minor: minor.toString(), currency };
}
