import { addDays, daysBetween, localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, money } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  earnedOn,
  earnedThrough,
  recognizedUntil,
  type RevenueSchedule,
  revenueSchedules,
} from './revenue-schedule.js';

const base = localDate('2024-02-20');

/** A schedule over some days from about the leap day of 2024, of which the first may be earned late. */
const schedules: fc.Arbitrary<RevenueSchedule> = fc
  .record({
    minor: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
    currency: fc.constantFrom<CurrencyCode>('USD', 'JPY', 'KWD'),
    start: fc.integer({ min: 0, max: 400 }),
    days: fc.integer({ min: 0, max: 1_100 }),
    late: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ minor, currency, start, days, late }) => ({
    documentId: 'document',
    position: 1,
    subscriptionId: 'subscription',
    booksCode: 'US',
    net: money(minor, currency),
    serviceStart: addDays(base, start),
    serviceEnd: addDays(base, start + days),
    recognizedFrom: addDays(base, start + late),
  }));

function everyDay({ recognizedFrom, ...schedule }: RevenueSchedule) {
  const until = recognizedUntil({ recognizedFrom, ...schedule });
  return Array.from({ length: daysBetween(recognizedFrom, until) }, (_, index) =>
    addDays(recognizedFrom, index),
  );
}

describe('a revenue schedule', () => {
  it('earns exactly its amount over its days, and nothing outside of them', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const earned = everyDay(schedule).reduce((total, day) => total + earnedOn(schedule, day).minor, 0n);
        expect(earned).toBe(schedule.net.minor);
        expect(earnedOn(schedule, addDays(schedule.recognizedFrom, -1)).minor).toBe(0n);
        expect(earnedOn(schedule, recognizedUntil(schedule)).minor).toBe(0n);
      }),
      { numRuns: 200 },
    );
  });

  it('never earns two minor units more on one day than on another, once it has caught up', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const days = everyDay(schedule).slice(1);
        const earned = days.map((day) => earnedOn(schedule, day).minor);
        const [least, most] = earned.reduce(
          ([low, high], minor) => [minor < low ? minor : low, minor > high ? minor : high],
          [earned[0] ?? 0n, earned[0] ?? 0n],
        );
        expect(most - least).toBeLessThanOrEqual(1n);
      }),
      { numRuns: 200 },
    );
  });

  it('is taken back day by day by the schedule of its credit', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const credit = { ...schedule, net: money(-schedule.net.minor, schedule.net.currency) };
        for (const day of everyDay(schedule).slice(0, 40)) {
          expect(earnedThrough(credit, day).minor).toBe(-earnedThrough(schedule, day).minor);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['100 over 3 days', 100n, '2026-01-04', ['33', '34', '33']],
    ['-100 over 3 days', -100n, '2026-01-04', ['-33', '-34', '-33']],
    ['1 over 3 days', 1n, '2026-01-04', ['0', '1', '0']],
    ['a day', 5n, '2026-01-02', ['5', '0', '0']],
  ])('%s', (_, minor, end, expected) => {
    const serviceStart = localDate('2026-01-01');
    const schedule = {
      documentId: 'document',
      position: 1,
      subscriptionId: 'subscription',
      booksCode: 'US',
      net: money(minor, 'USD'),
      serviceStart,
      serviceEnd: localDate(end),
      recognizedFrom: serviceStart,
    };
    const days = [0, 1, 2].map((offset) =>
      earnedOn(schedule, addDays(serviceStart, offset)).minor.toString(),
    );
    expect(days).toEqual(expected);
  });
});

describe('the schedules of a document', () => {
  const line = {
    position: 1,
    kind: 'CHARGE' as const,
    subscriptionId: 'subscription',
    productCode: 'PREMIUM',
    description: 'Premium',
    quantity: 1,
    unitPrice: '1',
    pricePeriod: 'MONTH' as const,
    serviceStart: localDate('2026-11-01'),
    serviceEnd: localDate('2026-12-01'),
    prorationRatio: '1',
    prorationPolicy: 'ACTUAL_DAYS' as const,
    amount: money(3_000n, 'USD'),
    tax: { rate: '0', jurisdiction: 'US', reason: 'EXEMPT' as const, amount: money(0n, 'USD') },
  };
  const begin = (issuedOn: string, postedThrough: string | null) =>
    revenueSchedules(
      {
        id: 'document',
        legalEntityCode: 'US',
        invoiceOwnerAccountId: 'account',
        issuedOn: localDate(issuedOn),
        lines: [line],
      },
      postedThrough === null ? null : localDate(postedThrough),
    )[0]?.recognizedFrom;

  test.each([
    ['issued before the service', '2026-10-20', null, '2026-11-01'],
    ['issued within the service', '2026-11-10', null, '2026-11-10'],
    ['issued on a day that was posted', '2026-11-10', '2026-11-14', '2026-11-15'],
    ['issued after the last day that was posted', '2026-11-10', '2026-11-08', '2026-11-10'],
  ])('begin where nothing was posted yet: %s', (_, issuedOn, postedThrough, expected) => {
    expect(begin(issuedOn, postedThrough)).toBe(expected);
  });

  it('leave lines of nothing out', () => {
    const free = { ...line, amount: money(0n, 'USD') };
    const document = {
      id: 'document',
      legalEntityCode: 'US',
      invoiceOwnerAccountId: 'account',
      issuedOn: line.serviceStart,
      lines: [free],
    };
    expect(revenueSchedules(document, null)).toEqual([]);
  });
});
