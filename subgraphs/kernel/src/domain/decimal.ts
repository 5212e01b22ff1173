import { err, ok, type Result } from './result.js';

/** An exact decimal number: `units` x 10^-`scale`. 4.4556 is { units: 44556n, scale: 4 }. */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the point, 0 or more. */
  readonly scale: number;
}

/** An exact ratio. The denominator is positive. It is not reduced: 20/30 says "20 days of 30". */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type DecimalError = 'NOT_A_DECIMAL' | 'TOO_LONG';

/** Longest text that is read: more than any price or quantity needs, too short to be a burden. */
const maximumLength = 60;
const decimalForm = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;

/** 10^exponent for an exponent of 0 or more. */
export function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** Reads `-12.50`: no plus sign, no exponent, no leading zeros, no bare point. Keeps the scale as it is written. */
export function parseDecimal(text: string): Result<Decimal, DecimalError> {
  if (text.length > maximumLength) return err('TOO_LONG');
  const match = decimalForm.exec(text);
  if (match === null) return err('NOT_A_DECIMAL');
  const [, sign = '', whole = '', fraction = ''] = match;
  return ok({ units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length });
}

/** Like `parseDecimal`, for text that the code itself vouches for. Throws a RangeError. */
export function decimal(text: string): Decimal {
  const parsed = parseDecimal(text);
  if (!parsed.ok)
    throw new RangeError(`Not a decimal number (${parsed.error}): ${text.slice(0, maximumLength)}`);
  return parsed.value;
}

/** With exactly `scale` digits after the point: 34800n at scale 2 is "348.00". */
export function formatFixed(units: bigint, scale: number): string {
  const digits = absolute(units)
    .toString()
    .padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return units < 0n ? `-${text}` : text;
}

/** The one canonical text of a number: no trailing zeros after the point, no "-0". 1.50 and 1.5 both give "1.5". */
export function formatDecimal(value: Decimal): string {
  const text = formatFixed(value.units, value.scale);
  return value.scale === 0 ? text : text.replace(/\.?0+$/, '');
}

/** The exact product. */
export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

/** -1, 0 or 1 by value: 1.5 and 1.50 are equal. */
export function compareDecimals(left: Decimal, right: Decimal): -1 | 0 | 1 {
  const scale = Math.max(left.scale, right.scale);
  const difference =
    left.units * powerOfTen(scale - left.scale) - right.units * powerOfTen(scale - right.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** numerator / denominator to the nearest integer, a half away from zero: 5/2 is 3, -5/2 is -3. Throws on a zero denominator. */
export function roundDivide(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('Division by zero');
  const magnitude = (2n * absolute(numerator) + absolute(denominator)) / (2n * absolute(denominator));
  return numerator < 0n === denominator < 0n ? magnitude : -magnitude;
}

/** A fraction as canonical decimal text, rounded to `digits` after the point: 23/31 is "0.741935484". For showing only. */
export function formatFraction(fraction: Fraction, digits = 9): string {
  const units = roundDivide(fraction.numerator * powerOfTen(digits), fraction.denominator);
  return formatDecimal({ units, scale: digits });
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
