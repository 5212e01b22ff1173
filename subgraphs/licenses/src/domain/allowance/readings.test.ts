import { addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monthStart, utcStart } from './ledger.js';
import { countedBy, goesBack, partsOf, partStart, type MeterReading } from './readings.js';

function reading(at: string, total: number, from: string | null = null, source = 'meter'): MeterReading {
  const measuredAt = new Date(at);
  const month = monthStart(measuredAt);
  return {
    source,
    month,
    from: from === null ? utcStart(month) : new Date(from),
    measuredAt,
    total,
    quota: null,
  };
}

const halves = [
  reading('2026-04-10T00:00:00Z', 30),
  reading('2026-04-20T00:00:00Z', 100, '2026-04-15T00:00:00Z'),
];

test('a part counts what its last reading has more than the one before; months and meters apart', () => {
  const readings = [
    ...halves,
    reading('2026-05-01T00:00:00Z', 7),
    reading('2026-04-11T00:00:00Z', 5, null, 'other'),
  ];
  const used = (month: string) =>
    partsOf(readings)
      .filter((part) => part.month === localDate(month))
      .map((part) => part.used);
  expect(used('2026-04-01').toSorted((one, other) => one - other)).toEqual([5, 30, 70]);
  expect(used('2026-05-01')).toEqual([7]);
  expect(countedBy(readings, 'meter', localDate('2026-04-01'))).toBe(100);
  expect(countedBy(readings, 'nobody', localDate('2026-04-01'))).toBe(0);
});

test('the parts of a month sum to what its meters counted last', () => {
  const totals = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(totals, (given) => {
      const counted = given.toSorted((one, other) => one - other);
      const readings = counted.map((total, index) => {
        const day = String(index * 4 + 1).padStart(2, '0');
        return reading(`2026-04-${day}T12:00:00Z`, total, `2026-04-${day}T00:00:00Z`);
      });
      const sum = partsOf(readings.toReversed()).reduce((all, { used }) => all + used, 0);
      expect(sum).toBe(counted.at(-1));
    }),
  );
});

describe('a meter that goes back', () => {
  test.each<[why: string, at: string, total: number, back: boolean]>([
    ['the same again', '2026-04-10T00:00:00Z', 30, false],
    ['at the same instant another count', '2026-04-10T00:00:00Z', 31, true],
    ['less, later', '2026-04-11T00:00:00Z', 29, true],
    ['more, earlier', '2026-04-09T00:00:00Z', 31, true],
    ['between both', '2026-04-12T00:00:00Z', 60, false],
    ['more than what was counted later', '2026-04-12T00:00:00Z', 101, true],
    ['the next month, from 0', '2026-05-01T00:00:00Z', 0, false],
  ])('%s', (_why, at, total, back) => {
    expect(goesBack(halves, reading(at, total))).toBe(back);
  });
  test('another meter is another matter', () => {
    expect(goesBack(halves, reading('2026-04-30T00:00:00Z', 1, null, 'other'))).toBe(false);
  });
});

test('a part begins with the month, or where a grant last ended', () => {
  const ends = ['2026-03-20', '2026-04-10', '2026-04-15', '2026-05-02'].map(
    (day) => new Date(`${day}T00:00:00Z`),
  );
  const starts = (at: string) => partStart(ends, new Date(at)).toISOString();
  expect(starts('2026-04-09T23:59:59.999Z')).toBe('2026-04-01T00:00:00.000Z');
  expect(starts('2026-04-10T00:00:00Z')).toBe('2026-04-10T00:00:00.000Z');
  expect(starts('2026-04-30T00:00:00Z')).toBe('2026-04-15T00:00:00.000Z');
  expect(starts(`${addMonths(localDate('2026-04-01'), 1)}T00:00:00Z`)).toBe('2026-05-01T00:00:00.000Z');
});
