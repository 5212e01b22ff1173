import { addDays, addMonths, compareDates, dateParts, daysBetween, type LocalDate } from './calendar.js';

/** A half-open pair of days: `start` is the first day in it, `end` the first day after it. */
export interface LocalPeriod {
  readonly start: LocalDate;
  readonly end: LocalDate;
}

/** How long an anchored period is: a number of months (12 for a year) or of days (7 for a week). Positive. */
export type PeriodLength = { readonly months: number } | { readonly days: number };

/** One of the periods that follow each other from an anchor: number 0 starts on the anchor, number -1 ends on it. */
export interface AnchoredPeriod extends LocalPeriod {
  readonly anchor: LocalDate;
  readonly length: PeriodLength;
  readonly index: number;
}

/** A part of a period of service, and the anchored period that it lies in. */
export interface PeriodPart extends LocalPeriod {
  readonly whole: AnchoredPeriod;
}

/** Period number `index` of those that follow each other from the anchor. They meet without a gap or an overlap. */
export function anchoredPeriod(anchor: LocalDate, length: PeriodLength, index: number): AnchoredPeriod {
  const start = boundary(anchor, length, index);
  return { anchor, length, index, start, end: boundary(anchor, length, index + 1) };
}

/** The anchored period that contains a day, before the anchor too. */
export function anchoredPeriodContaining(
  anchor: LocalDate,
  length: PeriodLength,
  date: LocalDate,
): AnchoredPeriod {
  let index = estimatedIndex(anchor, length, date);
  // The estimate counts calendar months, so it may be one too high: the anchored day of the month may not have come yet.
  if (compareDates(date, boundary(anchor, length, index)) < 0) index -= 1;
  return anchoredPeriod(anchor, length, index);
}

/** Cuts a period at the boundaries of the anchored periods. An empty period has no parts. */
export function partsByAnchor(period: LocalPeriod, anchor: LocalDate, length: PeriodLength): PeriodPart[] {
  const parts: PeriodPart[] = [];
  let start = period.start;
  while (compareDates(start, period.end) < 0) {
    const whole = anchoredPeriodContaining(anchor, length, start);
    const end = earlier(whole.end, period.end);
    parts.push({ start, end, whole });
    start = end;
  }
  return parts;
}

/** True when the day lies in the period. */
export function containsDate(period: LocalPeriod, date: LocalDate): boolean {
  return compareDates(period.start, date) <= 0 && compareDates(date, period.end) < 0;
}

/** True when every day of `inner` lies in `outer`. */
export function containsPeriod(outer: LocalPeriod, inner: LocalPeriod): boolean {
  return compareDates(outer.start, inner.start) <= 0 && compareDates(inner.end, outer.end) <= 0;
}

/** True when both start and end on the same days. */
export function samePeriod(left: LocalPeriod, right: LocalPeriod): boolean {
  return left.start === right.start && left.end === right.end;
}

/** True when there is no day in it. */
export function isEmptyPeriod(period: LocalPeriod): boolean {
  return compareDates(period.start, period.end) >= 0;
}

/** The number of days in it; 0 or more unless its end is before its start. */
export function daysIn(period: LocalPeriod): number {
  return daysBetween(period.start, period.end);
}

function boundary(anchor: LocalDate, length: PeriodLength, index: number): LocalDate {
  return 'months' in length ? addMonths(anchor, length.months * index) : addDays(anchor, length.days * index);
}

function estimatedIndex(anchor: LocalDate, length: PeriodLength, date: LocalDate): number {
  if ('days' in length) return Math.floor(daysBetween(anchor, date) / length.days);
  const from = dateParts(anchor);
  const to = dateParts(date);
  return Math.floor(((to.year - from.year) * 12 + to.month - from.month) / length.months);
}

function earlier(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) <= 0 ? left : right;
}
