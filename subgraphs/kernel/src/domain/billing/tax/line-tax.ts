import { type Decimal, decimal, multiplyDecimals } from '../../decimal.js';
import { currencies, type Money, roundToMoney } from '../../money.js';
import type { TaxRate } from './tax-rates.js';

/** The tax of one line: what it is, whose it is, and why. Orders shows it, subscriptions bills the same. */
export interface LineTax extends TaxRate {
  /** Comes on top of the line's own amount; negative on a credit. */
  readonly amount: Money;
}

const hundredth: Decimal = { units: 1n, scale: 2 };

/**
 * The tax on an amount before tax, at a rate in per cent. Rounded once, half away from zero, so a credit's tax is exactly that of the
 * charge that it gives back. Throws a RangeError when the rate is not a decimal number.
 */
export function taxOn(amount: Money, rate: string): Money {
  const net: Decimal = { units: amount.minor, scale: currencies[amount.currency] };
  return roundToMoney(multiplyDecimals(multiplyDecimals(net, decimal(rate)), hundredth), amount.currency);
}

/** A line's tax, from its amount before tax. Throws a RangeError when the rate is not a decimal number. */
export function taxLine(amount: Money, { rate, jurisdiction, reason }: TaxRate): LineTax {
  return { rate, jurisdiction, reason, amount: taxOn(amount, rate) };
}
