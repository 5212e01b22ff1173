import { Temporal } from 'temporal-polyfill';

import { err, ok, type Result } from './result.js';

/** A calendar day, 'YYYY-MM-DD', of the years 0001 to 9999; it is read in some account's billing time zone. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

const dateForm = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/** True for an existing day in the form 'YYYY-MM-DD'. */
export function isLocalDate(text: string): text is LocalDate {
  if (!dateForm.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

export function parseLocalDate(text: string): Result<LocalDate, 'NOT_A_DATE'> {
  return isLocalDate(text) ? ok(text) : err('NOT_A_DATE');
}

/** Like `parseLocalDate`, for text that the code itself vouches for. Throws a RangeError. */
export function localDate(text: string): LocalDate {
  if (!isLocalDate(text)) throw new RangeError(`Not a calendar day: ${text.slice(0, 40)}`);
  return text;
}

/** -1, 0 or 1: negative when `left` is earlier. */
export function compareDates(left: LocalDate, right: LocalDate): -1 | 0 | 1 {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Throws a RangeError beyond the years 0001 to 9999. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return fromPlain(Temporal.PlainDate.from(date).add({ days }));
}

/** Days from `start` up to, not including, `end`; negative when `end` is earlier. */
export function daysBetween(start: LocalDate, end: LocalDate): number {
  return Temporal.PlainDate.from(start).until(end, { largestUnit: 'day' }).days;
}

/**
 * The day `months` after (or before) an anchor. It keeps the anchor's day of the month and takes the last day of a month that
 * is too short: 31 January + 1 is 28 or 29 February, + 2 is 31 March. Count from the anchor, never from a previous result.
 */
export function addMonths(anchor: LocalDate, months: number): LocalDate {
  return fromPlain(Temporal.PlainDate.from(anchor).add({ months }, { overflow: 'constrain' }));
}

/** Year, month (1 to 12) and day (1 to 31) of a date. */
export function dateParts(date: LocalDate): { year: number; month: number; day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8)) };
}

/** The last day of the date's month. */
export function endOfMonth(date: LocalDate): LocalDate {
  const plain = Temporal.PlainDate.from(date);
  return fromPlain(plain.with({ day: plain.daysInMonth }));
}

/** The calendar day that it is at `instant` in an IANA time zone. */
export function localDateAt(instant: Date, timeZone: string): LocalDate {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
  return fromPlain(zoned.toPlainDate());
}

/**
 * The first instant of a calendar day in an IANA time zone: 01:00 where daylight saving skips midnight. A day that a zone
 * skipped altogether (Apia, 2011-12-30) starts when the next one does.
 */
export function startOfDay(date: LocalDate, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}

/** To ask the platform costs some 50 microseconds, and rows name the same few hundred zones over and over. */
const knownTimeZones = new Set<string>();

/** True for the name of an IANA time zone, 'Europe/Berlin'. Bare offsets are refused: they say nothing of daylight saving. */
export function isTimeZone(text: string): boolean {
  const name = text.toLowerCase();
  if (knownTimeZones.has(name)) return true;
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/.test(text)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: text });
    knownTimeZones.add(name);
    return true;
  } catch {
    return false;
  }
}

function fromPlain(date: Temporal.PlainDate): LocalDate {
  return localDate(date.toString());
}
