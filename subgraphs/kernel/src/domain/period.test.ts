import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addDays, addMonths, localDate, startOfDay } from './calendar.js';
import {
  anchoredPeriod,
  anchoredPeriodContaining,
  containsDate,
  containsPeriod,
  daysIn,
  isEmptyPeriod,
  type PeriodLength,
  partsByAnchor,
} from './period.js';

const anyDate = fc.integer({ min: 0, max: 17_000 }).map((days) => addDays(localDate('2012-01-15'), days));
const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const anyLength: fc.Arbitrary<PeriodLength> = fc.oneof(
  fc.integer({ min: 1, max: 36 }).map((months) => ({ months })),
  fc.integer({ min: 1, max: 60 }).map((days) => ({ days })),
);
const index = fc.integer({ min: -60, max: 60 });

describe('anchored periods', () => {
  test('number 0 starts on the anchor, number -1 ends on it', () => {
    const anchor = localDate('2024-01-31');
    expect(anchoredPeriod(anchor, { months: 1 }, 0)).toMatchObject({ start: anchor, end: '2024-02-29' });
    expect(anchoredPeriod(anchor, { months: 1 }, -1)).toMatchObject({ start: '2023-12-31', end: anchor });
  });

  test('consecutive periods meet without a gap or an overlap, in days and in instants', () => {
    fc.assert(
      fc.property(anyDate, anyLength, index, anyZone, (anchor, length, number, zone) => {
        const [first, second] = [
          anchoredPeriod(anchor, length, number),
          anchoredPeriod(anchor, length, number + 1),
        ];
        expect(first.end).toBe(second.start);
        expect(isEmptyPeriod(first)).toBe(false);
        expect(startOfDay(first.end, zone).getTime()).toBeGreaterThan(
          startOfDay(first.start, zone).getTime(),
        );
      }),
    );
  });

  test('each day is in exactly the period that is found for it', () => {
    fc.assert(
      fc.property(anyDate, anyLength, anyDate, (anchor, length, date) => {
        const found = anchoredPeriodContaining(anchor, length, date);
        expect(containsDate(found, date)).toBe(true);
        expect(anchoredPeriod(anchor, length, found.index)).toEqual(found);
      }),
      { numRuns: 1000 },
    );
  });

  test('parts cover a period of service without a gap, each within its whole', () => {
    fc.assert(
      fc.property(anyDate, anyLength, anyDate, fc.nat(800), (anchor, length, start, days) => {
        const service = { start, end: addDays(start, days) };
        const parts = partsByAnchor(service, anchor, length);
        expect(parts.reduce((sofar, part) => sofar + daysIn(part), 0)).toBe(days);
        expect(parts.every((part) => containsPeriod(part.whole, part))).toBe(true);
        parts.slice(1).forEach((part, before) => expect(part.start).toBe(parts[before]?.end));
        expect(parts[0]?.start ?? service.end).toBe(service.start);
        expect(parts.at(-1)?.end ?? service.start).toBe(service.end);
      }),
    );
  });

  test('a service from anchor to anchor has whole parts alone', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 1, max: 36 }), (anchor, months) => {
        const parts = partsByAnchor({ start: anchor, end: addMonths(anchor, months) }, anchor, { months: 1 });
        expect(parts).toHaveLength(months);
        expect(parts.every((part) => part.start === part.whole.start && part.end === part.whole.end)).toBe(
          true,
        );
      }),
    );
  });

  test('an empty service has no parts', () => {
    const day = localDate('2024-05-05');
    expect(partsByAnchor({ start: day, end: day }, day, { months: 1 })).toEqual([]);
  });
});
