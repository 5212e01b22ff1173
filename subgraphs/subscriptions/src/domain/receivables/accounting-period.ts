import {
  addDays,
  compareDates,
  dateParts,
  endOfMonth,
  localDate,
  type LocalDate,
} from '@fulfillment/kernel/domain/calendar';
import { type BillingRefusal, refusal } from './refusal.js';

/** A month of one legal entity that was closed, and with it every month before. */
export interface ClosedPeriod {
  readonly legalEntityCode: string;
  /** The first day of the month. */
  readonly month: LocalDate;
  readonly closedAt: Date;
  readonly closedBy: string;
}

/** The first day of a day's month. */
export function monthOf(day: LocalDate): LocalDate {
  const { year, month } = dateParts(day);
  return localDate(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`);
}

/** The last day of a month by its first. */
export function lastDayOf(month: LocalDate): LocalDate {
  return endOfMonth(month);
}

/**
 * The day on which automatic work is booked: its own, or the first open day when its month is closed.
 * @param closedThrough the last day of the last closed month; null when none is closed
 */
export function firstOpenDay(day: LocalDate, closedThrough: LocalDate | null): LocalDate {
  return isClosed(day, closedThrough) ? addDays(closedThrough, 1) : day;
}

/** Why a person may not have something booked on a day; null when they may. */
export function closedFault(
  day: LocalDate,
  closedThrough: LocalDate | null,
  field: readonly string[],
): BillingRefusal | null {
  if (!isClosed(day, closedThrough)) return null;
  const message = `The books are closed through ${closedThrough}: give a later day.`;
  return refusal('PERIOD_CLOSED', message, field);
}

/** Why a month cannot be closed; null when it can. Closing one month closes every month before it. */
export function closingFault(
  month: LocalDate,
  today: LocalDate,
  closedThrough: LocalDate | null,
): BillingRefusal | null {
  if (compareDates(month, monthOf(today)) >= 0) {
    return refusal('PERIOD_NOT_OVER', `The month ends on ${lastDayOf(month)}: close it after that day.`, [
      'month',
    ]);
  }
  if (!isClosed(month, closedThrough)) return null;
  return refusal('PERIOD_CLOSED', `The books are closed through ${closedThrough} already.`, ['month']);
}

function isClosed(day: LocalDate, closedThrough: LocalDate | null): closedThrough is LocalDate {
  return closedThrough !== null && compareDates(day, closedThrough) <= 0;
}
