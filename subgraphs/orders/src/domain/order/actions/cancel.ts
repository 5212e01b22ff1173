import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { assertNever, err, ok } from '@fulfillment/kernel/domain/result';
import { orderError } from '../errors.js';
import type { ChangeInput, ReadChange } from './action-setting.js';

/** When a cancellation takes effect: on the order's day, at the end of the term, or on a day within it. */
export type CancelTiming = 'NOW' | 'TERM_END' | 'ON_DATE';

/** A subscription to be canceled. */
export interface CancelInput extends ChangeInput {
  readonly timing?: CancelTiming | null;
  readonly on?: LocalDate | null;
}

/** At once, unless another day is asked for. */
export const cancel: ReadChange<CancelInput> = ({ timing, on = null }, { path, effectiveDate }) => {
  const wanted = timing ?? 'NOW';
  const refuse = (message: string) => err([orderError('INVALID_VALUE', [...path, 'on'], message)]);
  if (wanted !== 'ON_DATE' && on !== null) return refuse('Give a day with `timing: ON_DATE` alone.');
  switch (wanted) {
    case 'NOW':
      return ok({ kind: 'CANCEL', on: effectiveDate });
    case 'TERM_END':
      return ok({ kind: 'CANCEL', on: null });
    case 'ON_DATE':
      return on === null
        ? refuse('Give the first day on which it no longer holds.')
        : ok({ kind: 'CANCEL', on });
    default:
      return assertNever(wanted);
  }
};
