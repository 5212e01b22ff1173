import { describe, expect, test } from 'vitest';
import { localDate } from '../calendar.js';
import { applyAction } from './actions/index.js';
import type { AgreementAction, ChangeQuantity } from './actions/action.js';
import type { AgreedItem, Agreement } from './agreement.js';
import { billingAnchor } from './alignment.js';
import { nextBillingPeriod } from './billed.js';
import { exampleAgreement, exampleItem } from './example.js';
import { type AgreementLine, changeLines, periodLines } from './lines.js';
import { valueChange, valueOf } from './metrics.js';

/** An action done, with its lines; the day of billing is the day of the change. */
function done(before: Agreement, action: AgreementAction, on: string, today = on) {
  const outcome = applyAction(before, action, localDate(on));
  if (!outcome.ok) throw new Error(outcome.error.code);
  const lines = changeLines({ before, after: outcome.value, on: localDate(on), today: localDate(today) });
  return { after: outcome.value, lines };
}

function created(agreement: Agreement): AgreementLine[] {
  const on = agreement.term.startDate;
  return changeLines({ before: null, after: agreement, on, today: on });
}

const amounts = (lines: readonly AgreementLine[]) => lines.map((line) => Number(line.amount.minor));
const ratios = (lines: readonly AgreementLine[]) => lines.map((line) => line.prorationRatio);

const toPlan = (item: Partial<AgreedItem>): AgreementAction => ({
  kind: 'CHANGE_PLAN',
  item: exampleItem(item),
  direction: 'UPGRADE',
  when: 'NOW',
});

const toQuantity = (quantity: number): ChangeQuantity => ({
  kind: 'CHANGE_QUANTITY',
  productCode: 'PREMIUM',
  quantity,
  when: 'NOW',
});

describe('A. Seats', () => {
  test.each([
    ['A1 10 seats over after the first quarter', 110, '2024-04-01', 75_000],
    ['A1 20 seats over after the first quarter, of which 10 are paid', 120, '2024-10-01', 100_000],
  ])('%s', (_, quantity, on, year) => {
    const seats = exampleItem({ quantity: 100, unitPrice: '100', pricePeriod: 'YEAR' });
    const before = exampleAgreement('2024-01-01', {
      billing: { period: 'YEAR', anchor: localDate('2024-01-01'), policy: 'STRICT_30_360' },
      items: [seats],
    });
    const first = done(before, toQuantity(110), '2024-04-01');
    const lines =
      quantity === 110 ? first.lines : [...first.lines, ...done(first.after, toQuantity(quantity), on).lines];
    expect(amounts(lines).reduce((sum, amount) => sum + amount, 0)).toBe(year);
  });

  test('A4 fewer seats may be renewed, whatever was used', () => {
    const before = exampleAgreement('2024-01-01', {
      items: [exampleItem({ quantity: 12 })],
      subscriptionTerms: { decreaseAtOnce: false },
    });
    const quantities = [{ productCode: 'PREMIUM', quantity: 10 }];
    const { after, lines } = done(before, { kind: 'RENEW', termMonths: null, quantities }, '2025-01-01');
    expect(after.items).toEqual([exampleItem({ quantity: 10 })]);
    expect(amounts(lines)).toEqual([10_000]);
  });
});

describe('D. Proration, upgrade, downgrade, trial, cancel', () => {
  test('D25 from 10 to 20 half way through an even number of days', () => {
    const before = exampleAgreement('2024-04-01', { items: [exampleItem({ unitPrice: '10' })] });
    const { lines } = done(before, toPlan({ productCode: 'ULTIMATE', unitPrice: '20' }), '2024-04-16');
    expect(amounts(lines)).toEqual([-500, 1000]);
  });

  test('D28 several upgrades in a calendar month', () => {
    const start = localDate('2024-03-05');
    const first = exampleAgreement('2024-03-05', {
      billing: { period: 'MONTH', anchor: billingAnchor('CALENDAR', 'MONTH', start), policy: 'ACTUAL_DAYS' },
      items: [exampleItem({ unitPrice: '10.00' })],
    });
    expect(amounts(created(first))).toEqual([871]);
    const second = done(first, toPlan({ productCode: 'B', unitPrice: '15.00' }), '2024-03-12');
    expect(amounts(second.lines)).toEqual([-645, 968]);
    const third = done(second.after, toPlan({ productCode: 'C', unitPrice: '19.00' }), '2024-03-12');
    expect(amounts(third.lines)).toEqual([-968, 1226]);
  });

  test('D31 nothing until the trial ends, then 17 of 31 days', () => {
    const start = localDate('2024-03-05');
    const billing = {
      period: 'MONTH',
      anchor: billingAnchor('CALENDAR', 'MONTH', start),
      policy: 'ACTUAL_DAYS',
    } as const;
    const trial = exampleAgreement('2024-03-05', {
      trial: true,
      term: { startDate: start, endDate: localDate('2024-03-15'), months: null },
      billing,
      items: [exampleItem({ unitPrice: '50000.00' })],
    });
    expect(created(trial)).toEqual([]);
    const convert: AgreementAction = {
      kind: 'CONVERT_TRIAL',
      termMonths: 12,
      autoRenewal: true,
      billingAnchor: billing.anchor,
    };
    const { lines } = done(trial, convert, '2024-03-15');
    expect(amounts(lines)).toEqual([2_741_935]);
    expect(ratios(lines)).toEqual(['0.548387097']);
  });

  test('D32 from 10 to 5 and to 15 on the first day, where less holds only from the next term on', () => {
    const before = exampleAgreement('2024-04-01', {
      items: [exampleItem({ quantity: 10 })],
      subscriptionTerms: { decreaseAtOnce: false },
    });
    expect(amounts(created(before))).toEqual([10_000]);
    const fewer = done(before, { ...toQuantity(5), when: 'RENEWAL' }, '2024-04-01');
    expect(fewer.lines).toEqual([]);
    expect(amounts(done(fewer.after, toQuantity(15), '2024-04-01').lines)).toEqual([-10_000, 15_000]);
  });

  test('D33 from 7 to 10 units exactly at the boundary: no proration and no credit', () => {
    const before = exampleAgreement('2024-05-01', {
      items: [exampleItem({ quantity: 7, unitPrice: '29.95' })],
    });
    expect(amounts(created(before))).toEqual([20_965]);
    // The new month begins on the day of the change: what is billed for it is the new quantity, net.
    const { lines, after } = done(before, toQuantity(10), '2024-06-01');
    expect(amounts(lines)).toEqual([-20_965, 29_950]);
    expect(
      amounts(periodLines(after, { start: localDate('2024-06-01'), end: localDate('2024-07-01') })),
    ).toEqual([29_950]);
  });

  test('D35 two changes of plan within one period', () => {
    const first = exampleAgreement('2024-05-01', { items: [exampleItem({ unitPrice: '599.95' })] });
    const second = done(first, toPlan({ productCode: 'B', unitPrice: '9.95' }), '2024-05-07');
    expect(amounts(second.lines)).toEqual([-48_383, 802]);
    const third = done(second.after, toPlan({ productCode: 'C', unitPrice: '29.95' }), '2024-05-08');
    expect(amounts(third.lines)).toEqual([-770, 2_319]);
  });

  test('D37 an add-on with 50 per cent off is removed after a month of a year', () => {
    const addOn = exampleItem({
      productCode: 'AI',
      productKind: 'ADD_ON',
      unitPrice: '1000',
      pricePeriod: 'YEAR',
      discount: { kind: 'PERCENT', value: '50', renews: false },
    });
    const before = exampleAgreement('2024-01-01', {
      billing: { period: 'YEAR', anchor: localDate('2024-01-01'), policy: 'STRICT_30_360' },
      items: [exampleItem({ unitPrice: '0' }), addOn],
    });
    expect(amounts(created(before))).toEqual([0, 100_000, -50_000]);
    const { lines } = done(before, { kind: 'REMOVE_PRODUCT', productCode: 'AI', when: 'NOW' }, '2024-02-01');
    expect(lines.map(({ kind }) => kind)).toEqual(['CREDIT', 'DISCOUNT_CREDIT']);
    expect(amounts(lines)).toEqual([-91_667, 45_833]);
  });

  test('F62 ended on day 1 of a 30-day month, which counts as used', () => {
    const before = exampleAgreement('2024-04-01', {
      billing: { period: 'MONTH', anchor: localDate('2024-04-01'), policy: 'INCLUSIVE_DAYS' },
      items: [exampleItem({ unitPrice: '200.00' })],
    });
    const { lines } = done(before, { kind: 'CANCEL', on: localDate('2024-04-01') }, '2024-04-01');
    expect(amounts(lines)).toEqual([-19_333]);
  });

  test('C24 canceled for the end of the term: no credit', () => {
    const before = exampleAgreement('2024-01-01', {
      billing: { period: 'YEAR', anchor: localDate('2024-01-01'), policy: 'ACTUAL_DAYS' },
      items: [exampleItem({ unitPrice: '39.90', pricePeriod: 'YEAR' })],
    });
    expect(done(before, { kind: 'CANCEL', on: null }, '2024-06-01').lines).toEqual([]);
  });
});

describe('changes that are recorded late', () => {
  test('a change for a day in the past credits every period that was billed since', () => {
    const before = exampleAgreement('2024-01-01', { items: [exampleItem({ unitPrice: '31.00' })] });
    const { lines } = done(
      before,
      toPlan({ productCode: 'B', unitPrice: '62.00' }),
      '2024-01-16',
      '2024-02-10',
    );
    expect(lines.map(({ kind, serviceStart, serviceEnd }) => [kind, serviceStart, serviceEnd])).toEqual([
      ['CREDIT', '2024-01-16', '2024-02-01'],
      ['CREDIT', '2024-02-01', '2024-03-01'],
      ['CHARGE', '2024-01-16', '2024-02-01'],
      ['CHARGE', '2024-02-01', '2024-03-01'],
    ]);
    expect(amounts(lines)).toEqual([-1_600, -3_100, 3_200, 6_200]);
  });
});

describe('suspension', () => {
  test('credits the rest of the period, and a resumption charges from its day on', () => {
    const before = exampleAgreement('2024-04-01', { items: [exampleItem({ unitPrice: '30.00' })] });
    const suspended = done(before, { kind: 'SUSPEND' }, '2024-04-11');
    expect(amounts(suspended.lines)).toEqual([-2_000]);
    expect(nextBillingPeriod(suspended.after, localDate('2024-05-01'))).toBeNull();
    const resumed = done(suspended.after, { kind: 'RESUME' }, '2024-05-16');
    expect(amounts(resumed.lines)).toEqual([1_548]);
    expect(nextBillingPeriod(resumed.after, localDate('2024-06-01'))).toEqual({
      start: '2024-06-01',
      end: '2024-07-01',
    });
  });
});

describe('renewal', () => {
  test('raises prices by the uplift, does what was planned, and drops what was bought once', () => {
    const before = exampleAgreement('2024-01-31', {
      billing: { period: 'YEAR', anchor: localDate('2024-01-31'), policy: 'ACTUAL_DAYS' },
      renewal: {
        automatic: true,
        termMonths: 1,
        upliftPercent: '3',
        planned: [{ kind: 'QUANTITY', productCode: 'PREMIUM', quantity: 4 }],
      },
      items: [
        exampleItem({ quantity: 9, unitPrice: '29' }),
        exampleItem({ productCode: 'PACK', productKind: 'ADD_ON', pricePeriod: 'ONE_TIME' }),
      ],
    });
    const { after } = done(before, { kind: 'RENEW', termMonths: null, quantities: [] }, '2025-01-31');
    expect(after.items).toEqual([exampleItem({ quantity: 4, unitPrice: '29.87' })]);
    expect(after.term).toEqual({ startDate: '2025-01-31', endDate: '2025-02-28', months: 1 });
    expect(after.renewal.planned).toEqual([]);
    const next = done(after, { kind: 'RENEW', termMonths: 1, quantities: [] }, '2025-02-28').after;
    expect(next.term.endDate).toBe('2025-03-31');
  });
});

describe('F67 order metrics', () => {
  test('10 units at 5 a month, then 3 more on 1 April', () => {
    const before = exampleAgreement('2024-01-01', { items: [exampleItem({ quantity: 10, unitPrice: '5' })] });
    const value = valueOf(before, localDate('2024-01-01'));
    expect([value.mrr.minor, value.arr.minor, value.tcv.minor]).toEqual([5_000n, 60_000n, 60_000n]);
    const list = valueOf(
      { ...before, items: [exampleItem({ quantity: 10, unitPrice: '8' })] },
      localDate('2024-01-01'),
    );
    expect(list.tcv.minor).toBe(96_000n);
    const { after } = done(before, toQuantity(13), '2024-04-01');
    const change = valueChange(before, after, localDate('2024-04-01'));
    expect([change.mrr.minor, change.tcv.minor]).toEqual([1_500n, 13_500n]);
  });
});
