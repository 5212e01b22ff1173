import { Temporal } from 'temporal-polyfill';

import { err, ok, type Result } from './result.js';

/** A calendar day, 'YYYY-MM-DD', of the years 0001 to 9999; it is read in some account's billing time zone. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

const lastDate = '9999-12-31';
const dateForm = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/** True for an existing day in the form 'YYYY-MM-DD'. */
export function isLocalDate(text: string): text is LocalDate {
  if (!dateForm.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
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

/*
 * Days and months are counted here without Temporal: a billing run does so by the million, and took a sixth of its time for
 * it. A test holds these functions to Temporal's.
 */

const dayMs = 86_400_000;

/** Throws a RangeError beyond the years 0001 to 9999. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return localDate(
    new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, -'T00:00:00.000Z'.length),
  );
}

/** Days from `start` up to, not including, `end`; negative when `end` is earlier. */
export function daysBetween(start: LocalDate, end: LocalDate): number {
  return (Date.parse(end) - Date.parse(start)) / dayMs;
}

/**
 * The day `months` after (or before) an anchor. It keeps the anchor's day of the month and takes the last day of a month that
 * is too short: 31 January + 1 is 28 or 29 February, + 2 is 31 March. Count from the anchor, never from a previous result.
 */
export function addMonths(anchor: LocalDate, months: number): LocalDate {
  const from = dateParts(anchor);
  const count = from.year * 12 + from.month - 1 + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return dateOf(year, month, Math.min(from.day, daysInMonth(year, month)));
}

/** Year, month (1 to 12) and day (1 to 31) of a date. */
export function dateParts(date: LocalDate): { year: number; month: number; day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8)) };
}

/** The last day of the date's month. */
export function endOfMonth(date: LocalDate): LocalDate {
  const { year, month } = dateParts(date);
  return dateOf(year, month, daysInMonth(year, month));
}

/** The calendar day that it is at `instant` in an IANA time zone. */
export function localDateAt(instant: Date, timeZone: string): LocalDate {
  const time = instant.getTime();
  const known = knownDays.get(timeZone);
  if (known !== undefined && known.start <= time && time < known.end) return known.date;
  const date = fromPlain(zonedAt(time, timeZone).toPlainDate());
  rememberDay(date, timeZone, known);
  return date;
}

/** A day of a time zone, from its first instant up to the next day's; of one that is not known so well none is between them. */
interface KnownDay {
  readonly date: LocalDate;
  readonly start: number;
  readonly end: number;
}

/** The last day that was asked for in each zone: nearly always it is today. */
const knownDays = new Map<string, KnownDay>();
const mostKnownDays = 1_000;

/** The second time that a day is asked for, what comes after it is known: that of one day alone is asked for once. */
function rememberDay(date: LocalDate, timeZone: string, known: KnownDay | undefined): void {
  if (knownDays.size >= mostKnownDays) knownDays.clear();
  const isAgain = known?.date === date && Number.isNaN(known.start);
  if (isAgain) knownDays.set(timeZone, wholeDay(date, timeZone));
  else if (known?.date !== date) knownDays.set(timeZone, { date, start: Number.NaN, end: Number.NaN });
}

/** A day on which clocks are moved is never known: it may come twice. Nor is the last one, which no day follows. */
function wholeDay(date: LocalDate, timeZone: string): KnownDay {
  if (date === lastDate) return { date, start: Infinity, end: -Infinity };
  const start = startOfDay(date, timeZone).getTime();
  const end = startOfDay(addDays(date, 1), timeZone).getTime();
  const isEven = end - start === dayMs && offsetAt(start, timeZone) === offsetAt(end - 1, timeZone);
  return isEven ? { date, start, end } : { date, start: Infinity, end: -Infinity };
}

function offsetAt(time: number, timeZone: string): number {
  return zonedAt(time, timeZone).offsetNanoseconds;
}

function zonedAt(time: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
}

/**
 * The first instant of a calendar day in an IANA time zone: 01:00 where daylight saving skips midnight. A day that a zone
 * skipped altogether (Apia, 2011-12-30) starts when the next one does.
 */
export function startOfDay(date: LocalDate, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}

/** The instant at which the next day begins in an IANA time zone: what is true of a day holds until then. */
export function endOfDayAt(instant: Date, timeZone: string): Date {
  const date = localDateAt(instant, timeZone);
  const known = knownDays.get(timeZone);
  if (known?.date === date && known.start <= known.end) return new Date(known.end);
  return startOfDay(addDays(date, 1), timeZone);
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

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0);
}

/** Throws a RangeError where there is no such day, or no such year. */
function dateOf(year: number, month: number, day: number): LocalDate {
  const digits = (part: number, count: number) => String(part).padStart(count, '0');
  return localDate(`${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`);
}

function fromPlain(date: Temporal.PlainDate): LocalDate {
  return localDate(date.toString());
}
