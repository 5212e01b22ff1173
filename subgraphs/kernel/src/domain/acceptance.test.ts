import { describe, expect, test } from 'vitest';

import { type ProrationPolicyName, prorationRatio, remainingPeriod } from './billing/proration.js';
import { rateCharge, ratePeriods, type RatingInput } from './billing/rating.js';
import { addDays, addMonths, localDate, localDateAt, startOfDay } from './calendar.js';
import { type CurrencyCode } from './currencies.js';
import { decimal, formatFraction, multiplyDecimals, roundDivide } from './decimal.js';
import { formatAmount, money, negate, parseAmount, roundToMoney } from './money.js';
import {
  anchoredPeriod,
  anchoredPeriodContaining,
  containsDate,
  type LocalPeriod,
  partsByAnchor,
} from './period.js';

// The billing acceptance cases that concern money, calendar, proration and rating. Each test carries the case's number.

const period = (start: string, end: string): LocalPeriod => ({
  start: localDate(start),
  end: localDate(end),
});

/** The amount, as text, of one unit of a monthly price for some days. */
function monthly(
  unitPrice: string,
  anchor: string,
  days: readonly [string, string],
  more: Partial<RatingInput> = {},
): string {
  const charge = rateCharge({
    unitPrice,
    currency: 'USD',
    pricePeriod: 'MONTH',
    billingPeriod: 'MONTH',
    quantity: 1,
    anchor: localDate(anchor),
    servicePeriod: period(...days),
    policy: 'ACTUAL_DAYS',
    ...more,
  });
  return formatAmount(charge.amount);
}

describe('A. Seats, true-ups, allowances', () => {
  test.each([
    ['A1 first quarter, 10 seats over', 10, '2024-04-01', 75_000n],
    ['A1 third quarter, 10 more seats over', 10, '2024-10-01', 25_000n],
  ])('%s', (_, quantity, from, minor) => {
    const charge = rateCharge({
      unitPrice: '100',
      currency: 'USD',
      pricePeriod: 'YEAR',
      billingPeriod: 'YEAR',
      quantity,
      anchor: localDate('2024-01-01'),
      servicePeriod: period(from, '2025-01-01'),
      policy: 'STRICT_30_360',
    });
    expect(charge.amount.minor).toBe(minor);
  });

  test.each([
    ['A8 the last second of the last day', '2024-12-31T23:59:59Z', true],
    ['A8 the first instant of the day after', '2025-01-01T00:00:00Z', false],
    ['A8 the first instant of the first day', '2024-01-01T00:00:00Z', true],
  ])('%s', (_, instant, valid) => {
    const term = period('2024-01-01', '2025-01-01');
    expect(containsDate(term, localDateAt(new Date(instant), 'UTC'))).toBe(valid);
    expect(new Date(instant) < startOfDay(term.end, 'UTC')).toBe(valid);
  });
});

describe('B. Calendar and anchors', () => {
  test.each([
    ['B10 a leap year', '2024-01-31', ['2024-02-29', '2024-03-31', '2024-04-30']],
    ['B10 a common year', '2023-01-31', ['2023-02-28', '2023-03-31', '2023-04-30']],
  ])('%s', (_, anchor, dates) => {
    expect([1, 2, 3].map((months) => addMonths(localDate(anchor), months))).toEqual(dates);
  });

  test.each([
    ['B11 first', 0, '2024-01-31', '2024-02-28'],
    ['B11 second', 1, '2024-02-29', '2024-03-30'],
    ['B11 third', 2, '2024-03-31', '2024-04-29'],
  ])('%s period', (_, index, start, lastDay) => {
    const found = anchoredPeriod(localDate('2024-01-31'), { months: 1 }, index);
    expect([found.start, addDays(found.end, -1)]).toEqual([start, lastDay]);
  });

  test.each([
    ['B13 the anchor', '2022-01-31', '2022-01-31'],
    ['B13 the last day of the first quarter', '2022-04-29', '2022-01-31'],
    ['B13 the second start', '2022-04-30', '2022-04-30'],
    ['B13 a month later', '2022-05-31', '2022-04-30'],
    ['B13 the last day of the second quarter', '2022-07-30', '2022-04-30'],
    ['B13 the third start', '2022-07-31', '2022-07-31'],
  ])('%s: on %s the period starts on %s', (_, date, start) => {
    const found = anchoredPeriodContaining(localDate('2022-01-31'), { months: 3 }, localDate(date));
    expect(found.start).toBe(start);
  });

  test('B14 (a) billing day 31: each period starts on the last day and costs a full month', () => {
    const charges = ratePeriods({
      unitPrice: '29.95',
      currency: 'USD',
      pricePeriod: 'MONTH',
      billingPeriod: 'MONTH',
      quantity: 1,
      anchor: localDate('2012-03-31'),
      servicePeriod: period('2012-03-31', '2012-08-31'),
      policy: 'ACTUAL_DAYS',
    });
    const starts = ['2012-03-31', '2012-04-30', '2012-05-31', '2012-06-30', '2012-07-31'];
    expect(charges.map((charge) => charge.serviceStart)).toEqual(starts);
    expect(charges.every((charge) => formatAmount(charge.amount) === '29.95')).toBe(true);
  });

  test.each(['2012', '2013'])('B14 (b) a lead-in before the anchor, %s', (year) => {
    const days = [`${year}-03-02`, `${year}-03-31`] as const;
    expect(monthly('599.95', `${year}-03-31`, days)).toBe('561.24');
  });

  test.each([
    ['B17', '2011-05-23', '2011-06-15', 23n, 31n, '0.741935484'],
    ['B17', '2011-06-23', '2011-07-15', 22n, 30n, '0.733333333'],
    ['B17', '2023-02-23', '2023-03-15', 20n, 28n, '0.714285714'],
    ['B17', '2024-02-23', '2024-03-15', 21n, 29n, '0.724137931'],
  ])('%s %s to %s is %i/%i = %s', (_, start, end, numerator, denominator, text) => {
    const service = period(start, end);
    const whole = anchoredPeriodContaining(localDate('2010-01-15'), { months: 1 }, service.start);
    const ratio = prorationRatio('ACTUAL_DAYS', { service, whole });
    expect(ratio).toEqual({ numerator, denominator });
    expect(formatFraction(ratio)).toBe(text);
  });

  test.each<[string, string, string, Partial<Record<ProrationPolicyName, string>>]>([
    [
      'B20 January',
      '2021-01-27',
      '2021-02-01',
      { ACTUAL_DAYS: '5/31', FIXED_30: '5/30', STRICT_30_360: '4/30' },
    ],
    [
      'B20 February',
      '2021-02-27',
      '2021-03-01',
      { ACTUAL_DAYS: '2/28', FIXED_30: '2/30', STRICT_30_360: '4/30' },
    ],
    [
      'B20 all of it',
      '2020-02-01',
      '2020-03-01',
      { ACTUAL_DAYS: '29/29', FIXED_30: '29/30', STRICT_30_360: '30/30' },
    ],
  ])('%s, %s to %s', (_, start, end, expected) => {
    const service = period(start, end);
    const whole = anchoredPeriodContaining(localDate('2020-01-01'), { months: 1 }, service.start);
    const ratio = (policy: ProrationPolicyName) => {
      const { numerator, denominator } = prorationRatio(policy, { service, whole });
      return `${numerator}/${denominator}`;
    };
    for (const policy of ['ACTUAL_DAYS', 'FIXED_30', 'STRICT_30_360'] as const) {
      expect(ratio(policy)).toBe(expected[policy]);
    }
  });
});

describe('C. Time zones', () => {
  test.each([
    ['C22 a month in Los Angeles', 'America/Los_Angeles', '2015-11-01T07:01:01Z', 'MONTH', '2015-12-01'],
    ['C24 a year at UTC-8', 'Etc/GMT+8', '2014-03-01T07:30:00Z', 'YEAR', '2015-02-28'],
  ] as const)(
    '%s, canceled at the end of its term: one charge, nothing to give back',
    (_, zone, created, billing, end) => {
      const start = localDateAt(new Date(created), zone);
      const input: RatingInput = {
        unitPrice: '39.90',
        currency: 'USD',
        pricePeriod: billing,
        billingPeriod: billing,
        quantity: 1,
        anchor: start,
        servicePeriod: { start, end: localDate(end) },
        policy: 'ACTUAL_DAYS',
        timeZone: zone,
      };
      const charges = ratePeriods(input);
      expect(charges.map((charge) => [charge.prorationRatio, formatAmount(charge.amount)])).toEqual([
        ['1', '39.90'],
      ]);
      const billed = anchoredPeriodContaining(start, { months: billing === 'YEAR' ? 12 : 1 }, start);
      const canceled = localDateAt(startOfDay(localDate(end), zone), zone);
      expect(remainingPeriod('ACTUAL_DAYS', billed, canceled)).toBeNull();
    },
  );
});

describe('D. Proration', () => {
  test('D25 10 to 20 half way through', () => {
    const rest = ['2024-06-16', '2024-07-01'] as const;
    expect([monthly('10', '2024-06-01', rest), monthly('20', '2024-06-01', rest)]).toEqual(['5.00', '10.00']);
  });

  test.each([
    ['FIXED_30', '146.67'],
    ['ACTUAL_DAYS', '145.16'],
  ] as const)('D26 a month and 14 days of 100 a month, %s', (policy, total) => {
    const charges = ratePeriods({
      unitPrice: '100',
      currency: 'USD',
      pricePeriod: 'MONTH',
      billingPeriod: 'MONTH',
      quantity: 1,
      anchor: localDate('2024-04-01'),
      servicePeriod: period('2024-04-01', '2024-05-15'),
      policy,
    });
    const minor = charges.reduce((sofar, charge) => sofar + charge.amount.minor, 0n);
    expect(formatAmount(money(minor, 'USD'))).toBe(total);
  });

  test('D26 five weeks and two days of 100 a week', () => {
    const anchor = localDate('2024-04-01');
    const parts = partsByAnchor(period('2024-04-01', '2024-05-08'), anchor, { days: 7 });
    const amounts = parts.map((part) => {
      const ratio = prorationRatio('ACTUAL_DAYS', { service: part, whole: part.whole });
      return roundDivide(10_000n * ratio.numerator, ratio.denominator);
    });
    expect(amounts).toEqual([10_000n, 10_000n, 10_000n, 10_000n, 10_000n, 2857n]);
  });

  test.each([
    ['D28 1000 from 03-05', '1000', '2024-03-05', '871'],
    ['D28 credit of 1000 from 03-12', '1000', '2024-03-12', '645'],
    ['D28 1500 from 03-12', '1500', '2024-03-12', '968'],
    ['D28 1900 from 03-12', '1900', '2024-03-12', '1226'],
    ['D31 5,000,000 from the end of the trial', '5000000', '2024-03-15', '2741935'],
  ])('%s, before tax', (_, price, start, amount) => {
    // The source counts in minor units; yen have no smaller ones.
    expect(monthly(price, '2024-03-01', [start, '2024-04-01'], { currency: 'JPY' })).toBe(amount);
  });

  test('D33 from 7 to 10 units exactly at the boundary of a period: nothing is prorated', () => {
    const may = anchoredPeriod(localDate('2012-05-01'), { months: 1 }, 0);
    expect(monthly('29.95', '2012-05-01', ['2012-05-01', '2012-06-01'], { quantity: 7 })).toBe('209.65');
    expect(remainingPeriod('ACTUAL_DAYS', may, localDate('2012-06-01'))).toBeNull();
    expect(monthly('29.95', '2012-05-01', ['2012-06-01', '2012-07-01'], { quantity: 10 })).toBe('299.50');
  });

  test.each([
    ['D35 credit of 599.95 from 5/7', '599.95', '2012-05-07', '483.83'],
    ['D35 9.95 from 5/7', '9.95', '2012-05-07', '8.02'],
    ['D35 credit of 9.95 from 5/8', '9.95', '2012-05-08', '7.70'],
    ['D35 29.95 from 5/8', '29.95', '2012-05-08', '23.19'],
  ])('%s', (_, price, start, amount) => {
    expect(monthly(price, '2012-05-01', [start, '2012-06-01'])).toBe(amount);
  });

  test.each([
    ['D37 the charge', '1000', '-916.67'],
    ['D37 its discount of 50%', '-500', '458.33'],
  ])('%s, removed after one month of a year: given back by 330/360', (_, unitPrice, amount) => {
    const charge = rateCharge({
      unitPrice,
      currency: 'USD',
      pricePeriod: 'YEAR',
      billingPeriod: 'YEAR',
      quantity: 1,
      anchor: localDate('2024-01-01'),
      servicePeriod: period('2024-02-01', '2025-01-01'),
      policy: 'STRICT_30_360',
    });
    expect(charge.prorationRatio).toBe(formatFraction({ numerator: 330n, denominator: 360n }));
    expect(formatAmount(negate(charge.amount))).toBe(amount);
  });
});

describe('F. Rounding and currencies', () => {
  test('F62 terminated on day 1 of 30, which counts as used', () => {
    const june = period('2024-06-01', '2024-07-01');
    const rest = remainingPeriod('INCLUSIVE_DAYS', june, june.start);
    expect(rest).toEqual(period('2024-06-02', '2024-07-01'));
    const credit = monthly('200.00', june.start, ['2024-06-02', june.end], { policy: 'INCLUSIVE_DAYS' });
    expect(credit).toBe('193.33');
    expect(roundDivide(19_333n * 25n, 100n) + 19_333n).toBe(24_166n);
  });

  test.each<[string, CurrencyCode, string]>([
    ['F63', 'USD', '47.34'],
    ['F63', 'JPY', '47'],
  ])('%s 4.4556 x 10.625 in %s is %s', (_, currency, text) => {
    const product = multiplyDecimals(decimal('4.4556'), decimal('10.625'));
    expect(formatAmount(roundToMoney(product, currency))).toBe(text);
  });

  test.each<[string, CurrencyCode, string, bigint]>([
    ['F66', 'JPY', '500', 500n],
    ['F66', 'KWD', '100.500', 100_500n],
  ])('%s %s %s', (_, currency, text, minor) => {
    expect(parseAmount(text, currency)).toEqual({ ok: true, value: money(minor, currency) });
    expect(formatAmount(money(minor, currency))).toBe(text);
  });
});
