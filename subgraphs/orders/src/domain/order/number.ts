import { compareDecimals, decimal, formatDecimal, parseDecimal } from '@fulfillment/kernel/domain/decimal';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { type FieldPath, type InvalidValue, orderError } from './errors.js';

/** The lowest and the highest that is taken. */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
}

export const termMonthsRange: NumberRange = { minimum: 1, maximum: 60 };

/** What is wrong with a whole number from outside; null when it lies within the range, or was not given. */
export function numberError(
  value: number | null | undefined,
  field: FieldPath,
  { minimum, maximum }: NumberRange,
): InvalidValue | null {
  if (value == null || (Number.isInteger(value) && value >= minimum && value <= maximum)) return null;
  return orderError('INVALID_VALUE', field, `\`${field.at(-1)}\` must be from ${minimum} to ${maximum}.`);
}

const mostDigits = 6;

/** A number of per cent from outside in its one canonical form, or what is wrong with it. */
export function readPercent(text: string, field: FieldPath): Result<string, InvalidValue> {
  const parsed = parseDecimal(text);
  const isRight =
    parsed.ok &&
    parsed.value.scale <= mostDigits &&
    compareDecimals(parsed.value, decimal('0')) >= 0 &&
    compareDecimals(parsed.value, decimal('100')) <= 0;
  if (isRight) return ok(formatDecimal(parsed.value));
  const message = `\`${field.at(-1)}\` must be from 0 to 100, with at most ${mostDigits} digits after the point.`;
  return err(orderError('INVALID_VALUE', field, message));
}
