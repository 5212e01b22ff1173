import { type CurrencyCode, currencies } from './currencies.js';
import { type Decimal, formatFixed, parseDecimal, powerOfTen, roundDivide } from './decimal.js';
import { err, ok, type Result } from './result.js';

export { type CurrencyCode, currencies, isCurrency } from './currencies.js';

/** An exact amount: an integer count of minor units (cents; yen have none, dinars have thousandths). */
export interface Money {
  readonly minor: bigint;
  readonly currency: CurrencyCode;
}

/** Two currencies met in one calculation: always a mistake in the code, never in the input. */
export class CurrencyMismatchError extends Error {
  override readonly name = 'CurrencyMismatchError';
  constructor(
    readonly left: CurrencyCode,
    readonly right: CurrencyCode,
  ) {
    super(`Amounts in ${left} and ${right} do not add up`);
  }
}

export type AmountError = 'NOT_AN_AMOUNT' | 'TOO_MANY_DECIMALS' | 'TOO_LARGE';

/** Amounts are stored in 64-bit columns. */
const largestMinor = 2n ** 63n - 1n;

export function money(minor: bigint, currency: CurrencyCode): Money {
  return { minor, currency };
}

/** Throws a CurrencyMismatchError. */
export function add(left: Money, right: Money): Money {
  return money(left.minor + sameCurrency(left, right).minor, left.currency);
}

/** Throws a CurrencyMismatchError. */
export function subtract(left: Money, right: Money): Money {
  return money(left.minor - sameCurrency(left, right).minor, left.currency);
}

export function negate(amount: Money): Money {
  return money(-amount.minor, amount.currency);
}

/** The total of any number of amounts; none gives zero in `currency`. Throws a CurrencyMismatchError. */
export function sum(amounts: Iterable<Money>, currency: CurrencyCode): Money {
  let total = money(0n, currency);
  for (const amount of amounts) total = add(total, amount);
  return total;
}

/** -1, 0 or 1. Throws a CurrencyMismatchError. */
export function compare(left: Money, right: Money): -1 | 0 | 1 {
  const difference = subtract(left, right).minor;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** In major units with the currency's own digits: "348.00", JPY "500", KWD "100.500". */
export function formatAmount(amount: Money): string {
  return formatFixed(amount.minor, currencies[amount.currency]);
}

/** Reads major units ("348", "348.0" or "348.00"); refuses more digits after the point than the currency has. */
export function parseAmount(text: string, currency: CurrencyCode): Result<Money, AmountError> {
  const parsed = parseDecimal(text);
  if (!parsed.ok) return err(parsed.error === 'TOO_LONG' ? 'TOO_LARGE' : 'NOT_AN_AMOUNT');
  const { units, scale } = parsed.value;
  const exponent = currencies[currency];
  if (scale > exponent) return err('TOO_MANY_DECIMALS');
  const minor = units * powerOfTen(exponent - scale);
  if (minor > largestMinor || minor < -largestMinor) return err('TOO_LARGE');
  return ok(money(minor, currency));
}

/** An exact number of major units, rounded once, half away from zero, to the minor unit of the currency. */
export function roundToMoney(value: Decimal, currency: CurrencyCode): Money {
  const scaled = value.units * powerOfTen(currencies[currency]);
  return money(roundDivide(scaled, powerOfTen(value.scale)), currency);
}

/**
 * Shares an amount out by weights (largest remainder): the parts sum to the amount exactly, and none differs by a whole
 * minor unit or more from its exact share. Equal remainders favor the earlier part. A negative amount splits like the positive one.
 * Throws a RangeError when a weight is negative or all are zero.
 */
export function split(amount: Money, weights: readonly bigint[]): Money[] {
  const total = weights.reduce((sofar, weight) => sofar + weight, 0n);
  if (total === 0n || weights.some((weight) => weight < 0n)) {
    throw new RangeError('Weights must not be negative, and not all zero');
  }
  const sign = amount.minor < 0n ? -1n : 1n;
  const magnitude = amount.minor * sign;
  const shares = weights.map((weight, index) => ({
    index,
    floor: (magnitude * weight) / total,
    remainder: (magnitude * weight) % total,
  }));
  const left = magnitude - shares.reduce((sofar, share) => sofar + share.floor, 0n);
  const favored = shares
    .toSorted((a, b) => (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : a.index - b.index))
    .slice(0, Number(left));
  const extra = new Set(favored.map((share) => share.index));
  return shares.map(({ index, floor }) =>
    money(sign * (extra.has(index) ? floor + 1n : floor), amount.currency),
  );
}

function sameCurrency(left: Money, right: Money): Money {
  if (left.currency !== right.currency) throw new CurrencyMismatchError(left.currency, right.currency);
  return right;
}
