import { type CurrencyCode, formatAmount, type Money } from './money.js';

/** The graph's `Money`: major units with the digits of the currency, for example "348.00". */
export function moneyToGraphql(amount: Money): { amount: string; currency: CurrencyCode } {
  return { amount: formatAmount(amount), currency: amount.currency };
}

/** `moneyPayload` of the events' contract: minor units, for example "34800". */
export function moneyToPayload({ minor, currency }: Money): { minor: string; currency: CurrencyCode } {
  return { minor: minor.toString(), currency };
}
