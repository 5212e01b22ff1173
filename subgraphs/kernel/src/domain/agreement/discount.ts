import {
  compareDecimals,
  type Decimal,
  decimal,
  formatDecimal,
  multiplyDecimals,
  parseDecimal,
} from '../decimal.js';
import type { AgreedItem, Discount } from './agreement.js';

const zero: Decimal = { units: 0n, scale: 0 };
const wholePercent: Decimal = { units: 100n, scale: 0 };

/**
 * What a discount takes off one unit for one price period, as the negative price of a line of its own; null for none. It is
 * never more than the price, which may have fallen since the discount was agreed.
 */
export function discountUnitPrice({ unitPrice, discount }: AgreedItem): string | null {
  if (discount === null) return null;
  const value = decimal(discount.value);
  if (value.units === 0n) return null;
  const price = decimal(unitPrice);
  const wanted = discount.kind === 'AMOUNT' ? value : percentOf(price, value);
  const off = compareDecimals(wanted, price) > 0 ? price : wanted;
  return formatDecimal({ units: -off.units, scale: off.scale });
}

/** `percent` per cent of a number, exactly. */
export function percentOf(value: Decimal, percent: Decimal): Decimal {
  const product = multiplyDecimals(value, percent);
  return { units: product.units, scale: product.scale + 2 };
}

/** What is wrong with a discount for a unit price, in a sentence that says how to mend it; null when nothing is. */
export function discountFault(
  unitPrice: string,
  { kind, value }: Pick<Discount, 'kind' | 'value'>,
): string | null {
  const parsed = parseDecimal(value);
  if (!parsed.ok || compareDecimals(parsed.value, zero) < 0 || parsed.value.scale > 6) {
    return 'Give the discount as a decimal number from 0, with at most 6 digits after the point.';
  }
  const highest = kind === 'PERCENT' ? wholePercent : decimal(unitPrice);
  if (compareDecimals(parsed.value, highest) <= 0) return null;
  return kind === 'PERCENT'
    ? 'A discount is at most 100 per cent.'
    : `A discount is at most the unit price, ${unitPrice}.`;
}
