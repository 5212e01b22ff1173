import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addDays, addMonths, localDate } from '../calendar.js';
import { formatAmount, money, sum } from '../money.js';
import { prorationPolicyNames } from './proration.js';
import { rateCharge, ratePeriods, type RatingInput } from './rating.js';

const anyDate = fc.integer({ min: 0, max: 17_000 }).map((days) => addDays(localDate('2012-01-15'), days));
const anyPolicy = fc.constantFrom(...prorationPolicyNames);
const quantity = fc.integer({ min: 1, max: 1_000_000 });
const cents = fc.nat(1_000_000);

const start = localDate('2026-11-23');

/** Ten seats of a plan at 29 USD a month, billed by the year. */
const premium: RatingInput = {
  unitPrice: '29.00',
  currency: 'USD',
  pricePeriod: 'MONTH',
  billingPeriod: 'YEAR',
  quantity: 10,
  anchor: start,
  servicePeriod: { start, end: addMonths(start, 12) },
  policy: 'ACTUAL_DAYS',
};

describe('rating', () => {
  test('a charge says what it costs and why', () => {
    expect(rateCharge(premium)).toEqual({
      quantity: 10,
      unitPrice: '29.00',
      pricePeriod: 'MONTH',
      serviceStart: '2026-11-23',
      serviceEnd: '2027-11-23',
      prorationRatio: '1',
      prorationPolicy: 'ACTUAL_DAYS',
      amount: money(348_000n, 'USD'),
    });
  });

  test('a part of a year has its days over the days of that year', () => {
    const leap = localDate('2024-02-01');
    const service = { start: localDate('2024-12-01'), end: localDate('2025-02-01') };
    const charge = rateCharge({ ...premium, anchor: leap, servicePeriod: service });
    expect(charge.prorationRatio).toBe('0.169398907'); // 62/366
    expect(formatAmount(charge.amount)).toBe('589.51');
  });

  test('a yearly price billed by the month is a twelfth, rounded in each line', () => {
    const charges = ratePeriods({
      ...premium,
      unitPrice: '100',
      pricePeriod: 'YEAR',
      billingPeriod: 'MONTH',
      quantity: 1,
    });
    expect(charges).toHaveLength(12);
    expect(charges.every((charge) => charge.amount.minor === 833n && charge.prorationRatio === '1')).toBe(
      true,
    );
  });

  test('a price that is due once is charged once, whole, for any length of service', () => {
    const service = { start, end: addDays(start, 5) };
    for (const billingPeriod of ['ONE_TIME', 'MONTH', 'YEAR'] as const) {
      const pack = {
        ...premium,
        unitPrice: '10.00',
        pricePeriod: 'ONE_TIME',
        billingPeriod,
        quantity: 3,
      } as const;
      const [charge, ...others] = ratePeriods({ ...pack, servicePeriod: service });
      expect(others).toEqual([]);
      expect(charge).toMatchObject({
        prorationRatio: '1',
        serviceEnd: service.end,
        amount: money(3000n, 'USD'),
      });
    }
  });

  test('unit prices with more digits than the currency are rounded in the amount alone', () => {
    const call = { ...premium, unitPrice: '0.0006', pricePeriod: 'ONE_TIME' } as const;
    expect(rateCharge({ ...call, quantity: 65_000 }).amount).toEqual(money(3900n, 'USD'));
    expect(rateCharge({ ...call, quantity: 25 }).amount).toEqual(money(2n, 'USD')); // 1.5 cents, half away from zero
    expect(rateCharge({ ...call, unitPrice: '-0.0006', quantity: 25 }).amount).toEqual(money(-2n, 'USD'));
  });

  test.each([
    [{ quantity: 0 }, 'QUANTITY_NOT_POSITIVE'],
    [{ quantity: -1 }, 'QUANTITY_NOT_POSITIVE'],
    [{ quantity: 1.5 }, 'QUANTITY_NOT_POSITIVE'],
    [{ servicePeriod: { start, end: start } }, 'EMPTY_SERVICE_PERIOD'],
    [{ servicePeriod: { start, end: addMonths(start, 13) } }, 'SEVERAL_BILLING_PERIODS'],
    [{ billingPeriod: 'ONE_TIME' }, 'RECURRING_PRICE_BILLED_ONCE'],
  ] as const)('%j is refused: %s', (change, code) => {
    expect(() => rateCharge({ ...premium, ...change })).toThrow(expect.objectContaining({ code }));
  });

  test('a whole year costs 12 x unit price x quantity, whatever the policy', () => {
    fc.assert(
      fc.property(anyDate, anyPolicy, quantity, cents, (anchor, policy, units, price) => {
        const charge = rateCharge({
          ...premium,
          unitPrice: formatAmount(money(BigInt(price), 'USD')),
          quantity: units,
          anchor,
          policy,
          servicePeriod: { start: anchor, end: addMonths(anchor, 12) },
        });
        expect(charge.amount.minor).toBe(12n * BigInt(price) * BigInt(units));
        expect(charge.prorationRatio).toBe('1');
      }),
    );
  });

  test('charges of a service meet without a gap, and cut anywhere sum to the whole within a unit', () => {
    fc.assert(
      fc.property(
        anyDate,
        anyDate,
        fc.integer({ min: 2, max: 365 }),
        quantity,
        (anchor, from, days, units) => {
          const service = { start: from, end: addDays(from, days) };
          const input = { ...premium, billingPeriod: 'MONTH', anchor, quantity: units } as const;
          const charges = ratePeriods({ ...input, servicePeriod: service });
          charges
            .slice(1)
            .forEach((charge, before) => expect(charge.serviceStart).toBe(charges[before]?.serviceEnd));
          expect([charges[0]?.serviceStart, charges.at(-1)?.serviceEnd]).toEqual([
            service.start,
            service.end,
          ]);

          const cut = addDays(from, Math.floor(days / 2));
          const halves = [
            ...ratePeriods({ ...input, servicePeriod: { start: service.start, end: cut } }),
            ...ratePeriods({ ...input, servicePeriod: { start: cut, end: service.end } }),
          ];
          const total = (lines: typeof charges) =>
            sum(
              lines.map((line) => line.amount),
              'USD',
            ).minor;
          expect(Math.abs(Number(total(halves) - total(charges)))).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
