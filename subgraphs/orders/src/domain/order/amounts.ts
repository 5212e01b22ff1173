import { add, type CurrencyCode, type Money, sum } from '@fulfillment/kernel/domain/money';
import type { TaxedLine } from './order.js';

/** What lines come to. */
export interface Amounts {
  /** Before tax. */
  readonly net: Money;
  readonly tax: Money;
  /** With tax; negative when they bring money back. */
  readonly total: Money;
}

/** The sums of lines; of none, zero. Throws a CurrencyMismatchError. */
export function amountsOf(
  lines: readonly Pick<TaxedLine, 'amount' | 'tax'>[],
  currency: CurrencyCode,
): Amounts {
  const net = sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  const tax = sum(
    lines.map((line) => line.tax.amount),
    currency,
  );
  return { net, tax, total: add(net, tax) };
}
