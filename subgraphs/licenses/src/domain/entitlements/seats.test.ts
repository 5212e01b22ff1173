import { localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seatsOf } from './seats.js';

const reportedAt = new Date('2026-11-20T08:00:00Z');
const termStart = localDate('2026-01-01');
const premium = (purchased: number) => ({ planCode: 'PREMIUM', purchased, termStart });

describe('seatsOf', () => {
  test('never reported: nothing is used', () => {
    expect(seatsOf(null, premium(10))).toEqual({
      purchased: 10,
      used: 0,
      maximum: 0,
      overage: 0,
      reportedAt: null,
    });
  });

  test.each<
    [
      why: string,
      purchased: number,
      used: number,
      maximum: number,
      since: string,
      expected: [maximum: number, overage: number],
    ]
  >([
    // Case A2: 10 seats; users over time 10, 12, 9, 13.
    ['the maximum is over', 10, 13, 13, '2026-01-01', [13, 3]],
    ['the maximum counts though fewer are used now', 10, 9, 12, '2026-01-01', [12, 2]],
    ['exactly as many as purchased', 10, 10, 10, '2026-01-01', [10, 0]],
    ['fewer than purchased', 10, 4, 6, '2026-01-01', [6, 0]],
    ['a maximum of the former term does not count', 10, 9, 15, '2025-01-01', [9, 0]],
    ['a maximum since a later day of this term counts', 10, 9, 15, '2026-03-01', [15, 5]],
    ['a maximum below the use is the use', 10, 12, 3, '2026-01-01', [12, 2]],
  ])('%s', (_why, purchased, used, maximum, since, expected) => {
    const report = { used, maximum, maximumSince: localDate(since), reportedAt };
    const seats = seatsOf(report, premium(purchased));
    expect([seats.maximum, seats.overage]).toEqual(expected);
    expect(seats).toMatchObject({ purchased, used, reportedAt });
  });

  test('on the free plan the maximum counts as it was reported, and nobody is over', () => {
    const report = { used: 3, maximum: 8, maximumSince: localDate('2020-01-01'), reportedAt };
    expect(seatsOf(report, { planCode: 'FREE', purchased: 0, termStart: null })).toMatchObject({
      purchased: 0,
      maximum: 8,
      overage: 0,
    });
  });

  test('overage is never negative, and is what the maximum exceeds the purchase by', () => {
    const count = fc.nat(100_000);
    fc.assert(
      fc.property(count, count, count, (purchased, used, maximum) => {
        const seats = seatsOf({ used, maximum, maximumSince: termStart, reportedAt }, premium(purchased));
        expect(seats.overage).toBe(Math.max(0, seats.maximum - purchased));
        expect(seats.maximum).toBeGreaterThanOrEqual(seats.used);
      }),
    );
  });
});
