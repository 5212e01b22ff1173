import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';

import {
  addDays,
  addMonths,
  compareDates,
  dateParts,
  daysBetween,
  endOfDayAt,
  endOfMonth,
  isLocalDate,
  isTimeZone,
  localDate,
  localDateAt,
  parseLocalDate,
  startOfDay,
} from './calendar.js';

/** Days after the last one that a time zone skipped altogether (Apia, 2011-12-30: see the table). */
const anyDate = fc.integer({ min: 0, max: 17_000 }).map((days) => addDays(localDate('2012-01-15'), days));
const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));

describe('local dates', () => {
  test.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2024-04-31', false],
    ['2024-13-01', false],
    ['0001-01-01', true],
    ['0000-01-01', false],
    ['9999-12-31', true],
    ['2024-1-1', false],
    ['2024-01-01T00:00:00Z', false],
    ['2024-01-01\n', false],
    ['', false],
  ])('%j is a day: %s', (text, expected) => {
    expect(isLocalDate(text)).toBe(expected);
    expect(parseLocalDate(text)).toEqual(
      expected ? { ok: true, value: text } : { ok: false, error: 'NOT_A_DATE' },
    );
    if (!expected) expect(() => localDate(text)).toThrow(RangeError);
  });

  test('days are added and counted alike', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -5000, max: 5000 }), (date, days) => {
        const other = addDays(date, days);
        expect(daysBetween(date, other)).toBe(days);
        expect(compareDates(other, date)).toBe(Math.sign(days));
      }),
    );
  });

  test('a date beyond the years 0001 to 9999 throws', () => {
    expect(() => addDays(localDate('9999-12-31'), 1)).toThrow(RangeError);
    expect(() => addDays(localDate('0001-01-01'), -1)).toThrow(RangeError);
    expect(() => addMonths(localDate('9999-12-31'), 1)).toThrow(RangeError);
    expect(() => addMonths(localDate('0001-01-31'), -1)).toThrow(RangeError);
    expect(() => addMonths(localDate('2024-01-31'), 0.5)).toThrow(RangeError);
  });

  test('days and months are counted as Temporal counts them, in any year', () => {
    const year = fc.integer({ min: 1, max: 9999 });
    const day = fc.record({
      year,
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 31 }),
    });
    fc.assert(
      fc.property(day, fc.integer({ min: -40_000, max: 40_000 }), (parts, count) => {
        const plain = Temporal.PlainDate.from(parts);
        const date = localDate(plain.toString());
        const lastDay = plain.with({ day: plain.daysInMonth });
        expect(endOfMonth(date)).toBe(lastDay.toString());
        for (const [ours, theirs] of [
          [() => addDays(date, count), plain.add({ days: count })],
          [() => addMonths(date, count), plain.add({ months: count })],
        ] as const) {
          if (theirs.year >= 1 && theirs.year <= 9999) {
            expect(ours()).toBe(theirs.toString());
            expect(daysBetween(date, ours())).toBe(plain.until(theirs).days);
          } else expect(ours).toThrow(RangeError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('adding months keeps the day of the anchor, or takes the last of a shorter month', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -600, max: 600 }), (anchor, months) => {
        const date = addMonths(anchor, months);
        const [from, to] = [dateParts(anchor), dateParts(date)];
        expect((to.year - from.year) * 12 + to.month - from.month).toBe(months);
        expect(to.day).toBe(Math.min(from.day, dateParts(endOfMonth(date)).day));
      }),
    );
  });
});

describe('days and instants', () => {
  test.each([
    ['2024-03-10', 'America/New_York', '2024-03-10T05:00:00.000Z'],
    ['2024-03-11', 'America/New_York', '2024-03-11T04:00:00.000Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'], // midnight is skipped: the day starts at 01:00
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'], // the hour before midnight comes twice
    ['2023-11-05', 'America/Havana', '2023-11-05T04:00:00.000Z'], // the hour after midnight comes twice: the first
    ['2024-06-15', 'Asia/Kathmandu', '2024-06-14T18:15:00.000Z'],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'], // this day was skipped: the next one's start
  ])('%s in %s starts at %s', (date, zone, instant) => {
    expect(startOfDay(localDate(date), zone).toISOString()).toBe(instant);
  });

  test('the first instant of a day is on that day, and the one before is not', () => {
    fc.assert(
      fc.property(anyDate, anyZone, (date, zone) => {
        const start = startOfDay(date, zone);
        expect(localDateAt(start, zone)).toBe(date);
        expect(localDateAt(new Date(start.getTime() - 1), zone)).toBe(addDays(date, -1));
      }),
      { numRuns: 500 },
    );
  });

  test('the day of an instant and its end are what Temporal says, however often and in whatever order they are asked', () => {
    const hours = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 4, maxLength: 12 });
    const range = { min: new Date('1990-01-01T00:00:00Z'), max: new Date('2060-01-01T00:00:00Z') };
    // Clocks are moved in the night, in America/St_Johns at a minute past midnight.
    const zone = fc.oneof(
      anyZone,
      fc.constantFrom('America/St_Johns', 'America/Havana', 'Australia/Lord_Howe'),
    );
    const moved = fc.constantFrom('2006-10-29T02:31:00Z', '2023-11-05T05:00:00Z', '2024-10-05T15:30:00Z');
    const instant = fc.oneof(
      fc.date({ ...range, noInvalidDate: true }),
      moved.map((text) => new Date(text)),
    );
    fc.assert(
      fc.property(instant, hours, zone, (around, all, timeZone) => {
        for (const hour of all.flatMap((one) => [one, one, one])) {
          const at = new Date(around.getTime() + hour * 3_600_000);
          const plain = Temporal.Instant.from(at.toISOString()).toZonedDateTimeISO(timeZone).toPlainDate();
          expect(localDateAt(at, timeZone)).toBe(plain.toString());
          const next = plain.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
          expect(endOfDayAt(at, timeZone).getTime()).toBe(next);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the last day of all has no end', () => {
    const at = new Date('9999-12-31T12:00:00Z');
    for (let times = 0; times < 3; times += 1) expect(localDateAt(at, 'UTC')).toBe('9999-12-31');
    expect(() => endOfDayAt(at, 'UTC')).toThrow(RangeError);
  });

  test('a day contains the instants from its start to the start of the next', () => {
    const range = { min: new Date('1990-01-01T00:00:00Z'), max: new Date('2060-01-01T00:00:00Z') };
    fc.assert(
      fc.property(fc.date({ ...range, noInvalidDate: true }), anyZone, (instant, zone) => {
        const date = localDateAt(instant, zone);
        expect(startOfDay(date, zone).getTime()).toBeLessThanOrEqual(instant.getTime());
        expect(startOfDay(addDays(date, 1), zone).getTime()).toBeGreaterThan(instant.getTime());
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['America/Argentina/Buenos_Aires', true],
    ['Etc/GMT+8', true],
    ['+02:00', false],
    ['Mars/Olympus', false],
    ['', false],
  ])('isTimeZone(%j) is %s', (text, expected) => {
    expect(isTimeZone(text)).toBe(expected);
  });
});
