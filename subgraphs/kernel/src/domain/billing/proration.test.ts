import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addDays, addMonths, localDate } from '../calendar.js';
import { type Fraction } from '../decimal.js';
import { anchoredPeriod, anchoredPeriodContaining, daysIn } from '../period.js';
import { prorationPolicyNames, prorationPolicies, prorationRatio, remainingPeriod } from './proration.js';

const anyDate = fc.integer({ min: 0, max: 17_000 }).map((days) => addDays(localDate('2012-01-15'), days));
const months = { months: 1 };

/** An anchored period of 1 to 12 months with a day inside it that cuts it in two. */
const cutPeriod = fc
  .record({ anchor: anyDate, length: fc.constantFrom(1, 3, 12), index: fc.integer({ min: -24, max: 24 }) })
  .map(({ anchor, length, index }) => anchoredPeriod(anchor, { months: length }, index))
  .chain((whole) =>
    fc
      .integer({ min: 1, max: daysIn(whole) - 1 })
      .map((days) => ({ whole, cut: addDays(whole.start, days) })),
  );

function same(left: Fraction, right: Fraction): boolean {
  return left.numerator * right.denominator === right.numerator * left.denominator;
}

function plus(left: Fraction, right: Fraction): Fraction {
  return {
    numerator: left.numerator * right.denominator + right.numerator * left.denominator,
    denominator: left.denominator * right.denominator,
  };
}

const one: Fraction = { numerator: 1n, denominator: 1n };

describe('proration', () => {
  test.each(['ACTUAL_DAYS', 'STRICT_30_360', 'INCLUSIVE_DAYS', 'PER_SECOND'] as const)(
    '%s: a whole period is 1, and two adjacent parts add up to it',
    (policy) => {
      fc.assert(
        fc.property(cutPeriod, ({ whole, cut }) => {
          const timeZone = 'America/New_York';
          const ratio = (start = whole.start, end = whole.end) =>
            prorationRatio(policy, { service: { start, end }, whole, timeZone });
          expect(same(ratio(), one)).toBe(true);
          expect(same(plus(ratio(whole.start, cut), ratio(cut, whole.end)), one)).toBe(true);
        }),
      );
    },
  );

  test.each(prorationPolicyNames)(
    '%s: a part costs no less than nothing and no more than the whole',
    (policy) => {
      fc.assert(
        fc.property(cutPeriod, ({ whole, cut }) => {
          const { numerator, denominator } = prorationRatio(policy, {
            service: { start: cut, end: whole.end },
            whole,
          });
          expect(numerator >= 0n && numerator <= denominator).toBe(true);
        }),
      );
    },
  );

  test('each policy goes by its own name', () => {
    for (const name of prorationPolicyNames) expect(prorationPolicies[name].name).toBe(name);
  });

  test('STRICT_30_360 counts 30 days from anchor to anchor, though the anchor is the 31st', () => {
    const whole = anchoredPeriod(localDate('2023-01-31'), { months: 12 }, 0);
    for (let month = 0; month < 12; month += 1) {
      const service = { start: addMonths(whole.start, month), end: addMonths(whole.start, month + 1) };
      expect(prorationRatio('STRICT_30_360', { service, whole })).toEqual({
        numerator: 30n,
        denominator: 360n,
      });
    }
  });

  test('PER_SECOND counts the hours that a day has where the clocks change', () => {
    const whole = anchoredPeriod(localDate('2024-03-01'), months, 0);
    const service = { start: localDate('2024-03-10'), end: localDate('2024-03-11') };
    const [day, month] = [86_400n, 31n * 86_400n];
    expect(prorationRatio('PER_SECOND', { service, whole })).toEqual({ numerator: day, denominator: month });
    expect(prorationRatio('PER_SECOND', { service, whole, timeZone: 'America/New_York' })).toEqual({
      numerator: day - 3600n,
      denominator: month - 3600n,
    });
  });

  test('PER_SECOND takes exact instants, cut to the days of the service', () => {
    const whole = anchoredPeriod(localDate('2024-06-01'), months, 0);
    const service = { start: localDate('2024-06-16'), end: whole.end };
    const instants = { start: new Date('2024-06-16T06:00:00.900Z'), end: new Date('2030-01-01T00:00:00Z') };
    expect(prorationRatio('PER_SECOND', { service, whole, instants }).numerator).toBe(
      BigInt(15 * 86_400 - 6 * 3600),
    );
  });

  test('days outside the period, or none, are refused', () => {
    const whole = anchoredPeriodContaining(localDate('2024-01-15'), months, localDate('2024-02-01'));
    const ratio = (start: string, end: string) => () =>
      prorationRatio('ACTUAL_DAYS', { service: { start: localDate(start), end: localDate(end) }, whole });
    expect(ratio('2024-01-14', '2024-01-20')).toThrow(RangeError);
    expect(ratio('2024-02-10', '2024-02-16')).toThrow(RangeError);
    expect(ratio('2024-02-10', '2024-02-10')).toThrow(RangeError);
  });

  test.each([
    ['ACTUAL_DAYS', '2024-06-10', '2024-06-10'],
    ['INCLUSIVE_DAYS', '2024-06-10', '2024-06-11'],
    ['ACTUAL_DAYS', '2024-05-10', '2024-06-01'],
    ['ACTUAL_DAYS', '2024-07-01', null],
    ['INCLUSIVE_DAYS', '2024-06-30', null],
  ] as const)('%s: after a change on %s the rest starts on %s', (policy, date, start) => {
    const june = { start: localDate('2024-06-01'), end: localDate('2024-07-01') };
    expect(remainingPeriod(policy, june, localDate(date))).toEqual(start && { start, end: june.end });
  });
});
