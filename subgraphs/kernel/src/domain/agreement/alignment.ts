import type { RecurringPeriod } from '../billing/unit-price.js';
import { addDays, addMonths, dateParts, daysBetween, localDate, type LocalDate } from '../calendar.js';
import type { Agreement } from './agreement.js';

/** Where billing periods begin: on the day of the first one, or with the calendar's own weeks, months, quarters and years. */
export const billingAlignments = ['ANNIVERSARY', 'CALENDAR'] as const;
export type BillingAlignment = (typeof billingAlignments)[number];

/** A Monday: calendar weeks are counted from it. */
const someMonday = localDate('2024-01-01');

/** Months between the calendar days on which a period begins: a two-year period begins with any year. */
const calendarStep: Readonly<Record<Exclude<RecurringPeriod, 'WEEK'>, number>> = {
  MONTH: 1,
  QUARTER: 3,
  HALF_YEAR: 6,
  YEAR: 12,
  TWO_YEARS: 12,
  THREE_YEARS: 12,
  FIVE_YEARS: 12,
};

/**
 * The day from which billing periods are counted when the first charge begins on `start`. By the calendar, it is the first
 * day of the calendar period that contains `start`, so that the first bill covers the rest of that period.
 */
export function billingAnchor(
  alignment: BillingAlignment,
  period: RecurringPeriod,
  start: LocalDate,
): LocalDate {
  if (alignment === 'ANNIVERSARY') return start;
  if (period === 'WEEK') return addDays(start, -modulo(daysBetween(someMonday, start), 7));
  const { year, month } = dateParts(start);
  const yearStart = localDate(`${String(year).padStart(4, '0')}-01-01`);
  return addMonths(yearStart, month - 1 - ((month - 1) % calendarStep[period]));
}

/** How the billing of an agreement is aligned, as its anchor shows: by the calendar when it lies before the term. */
export function alignmentOf({ billing, term }: Pick<Agreement, 'billing' | 'term'>): BillingAlignment {
  return billing.anchor < term.startDate ? 'CALENDAR' : 'ANNIVERSARY';
}

/**
 * The day from which the billing periods of a trial would be counted. By the calendar it always lies before the trial, so
 * that the conversion knows the alignment.
 */
export function trialAnchor(
  alignment: BillingAlignment,
  period: RecurringPeriod,
  start: LocalDate,
): LocalDate {
  return alignment === 'ANNIVERSARY' ? start : billingAnchor(alignment, period, addDays(start, -1));
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
