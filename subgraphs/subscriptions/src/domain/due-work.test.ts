import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import { applyAction } from '@fulfillment/kernel/domain/agreement/actions/index';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { type BillingAlignment, billingAnchor } from '@fulfillment/kernel/domain/agreement/alignment';
import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { exampleAgreement, exampleItem } from '@fulfillment/kernel/domain/agreement/example';
import type { RecurringPeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { addDays, addMonths, localDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { type BillingState, type DueBill, dueWork, nextDueOn } from './due-work.js';
import type { SubscriptionVersion } from './subscription.js';

const at = new Date('2030-01-01T00:00:00Z');

/** A subscription as its first order leaves it: billed for the first period. */
function begun(agreement: Agreement): BillingState {
  return { head: versionOf(agreement), billedUntil: billedUntil(agreement, agreement.term.startDate) };
}

function versionOf(agreement: Agreement): SubscriptionVersion {
  return {
    version: 1,
    cause: 'ORDER',
    orderId: 'order',
    recordedBy: 'person',
    recordedAt: new Date('2024-01-01T12:00:00Z'),
    effectiveOn: agreement.term.startDate,
    accountId: 'customer',
    invoiceOwnerAccountId: 'customer',
    partnerOfRecordId: null,
    distributorId: null,
    billingTimeZone: 'Europe/Berlin',
    agreement,
  };
}

/** As an order for a day leaves it, which was billed up to that day before. */
function ordered(state: BillingState, action: AgreementAction, on: string): BillingState {
  const { head } = work(state, on, true);
  const after = applyAction(head.agreement, action, localDate(on));
  if (!after.ok) throw new Error(after.error.message);
  const next = { ...head, version: head.version + 1, effectiveOn: localDate(on), agreement: after.value };
  return { head: next, billedUntil: billedUntil(after.value, localDate(on)) };
}

function work(state: BillingState, through: string, beforeTermEnd = false) {
  return dueWork(state, { through: localDate(through), beforeTermEnd, at });
}

const told = (bills: readonly DueBill[]) =>
  bills.flatMap(({ on, lines }) =>
    lines.map(({ kind, serviceStart, serviceEnd, amount }) => [
      on,
      kind,
      serviceStart,
      serviceEnd,
      Number(amount.minor),
    ]),
  );

const daysOf = (bills: readonly DueBill[]) => bills.map(({ on }) => on);

function agreed(
  start: string,
  period: RecurringPeriod,
  alignment: BillingAlignment,
  changes: Partial<Agreement> = {},
) {
  const anchor = billingAnchor(alignment, period, localDate(start));
  return exampleAgreement(start, { billing: { period, anchor, policy: 'ACTUAL_DAYS' }, ...changes });
}

function termOf(start: string, months: number): Pick<Agreement, 'term'> {
  const startDate = localDate(start);
  return { term: { startDate, endDate: addMonths(startDate, months), months } };
}

describe('billing periods, each on its first day', () => {
  test.each<[RecurringPeriod, string, readonly string[], number]>([
    ['WEEK', '2024-01-29', ['2024-01-08', '2024-01-15', '2024-01-22', '2024-01-29'], 231],
    ['MONTH', '2024-04-30', ['2024-02-01', '2024-03-01', '2024-04-01'], 1_000],
    ['QUARTER', '2024-12-31', ['2024-04-01', '2024-07-01', '2024-10-01'], 3_000],
    ['HALF_YEAR', '2025-12-31', ['2024-07-01', '2025-01-01', '2025-07-01'], 6_000],
    ['YEAR', '2027-01-01', ['2025-01-01', '2026-01-01', '2027-01-01'], 12_000],
    ['TWO_YEARS', '2028-01-01', ['2026-01-01', '2028-01-01'], 24_000],
    ['THREE_YEARS', '2030-01-01', ['2027-01-01', '2030-01-01'], 36_000],
    ['FIVE_YEARS', '2034-01-01', ['2029-01-01', '2034-01-01'], 60_000],
  ])('%s, up to %s', (period, through, days, amount) => {
    const { bills, versions } = work(
      begun(agreed('2024-01-01', period, 'ANNIVERSARY', termOf('2024-01-01', 240))),
      through,
    );
    expect(daysOf(bills)).toEqual(days);
    expect(new Set(told(bills).map(([, , , , minor]) => minor))).toEqual(new Set([amount]));
    expect(versions).toEqual([]);
  });

  test('from the 31st, each begins on the last day of a shorter month', () => {
    const { bills } = work(begun(agreed('2024-01-31', 'MONTH', 'ANNIVERSARY')), '2024-06-30');
    expect(daysOf(bills)).toEqual(['2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31', '2024-06-30']);
  });

  test('nothing before its day, and no more on its day when that was done', () => {
    const state = begun(agreed('2024-01-01', 'MONTH', 'ANNIVERSARY'));
    expect(work(state, '2024-01-31').bills).toEqual([]);
    expect(nextDueOn(state)).toBe('2024-02-01');
    const done = work(state, '2024-02-01');
    expect(told(done.bills)).toEqual([['2024-02-01', 'CHARGE', '2024-02-01', '2024-03-01', 1_000]]);
    expect(work(done, '2024-02-29').bills).toEqual([]);
  });

  test.each<[RecurringPeriod, readonly string[]]>([
    ['WEEK', ['2024-02-19', '2024-02-26']],
    ['MONTH', ['2024-03-01', '2024-04-01']],
    ['QUARTER', ['2024-04-01', '2024-07-01']],
    ['HALF_YEAR', ['2024-07-01', '2025-01-01']],
    ['YEAR', ['2025-01-01', '2026-01-01']],
  ])('by the calendar, a %s begins where the calendar says', (period, days) => {
    const { bills } = work(
      begun(agreed('2024-02-14', period, 'CALENDAR', termOf('2024-02-14', 36))),
      '2026-06-30',
    );
    expect(daysOf(bills).slice(0, 2)).toEqual(days);
  });

  test('each item has its line, with its discount beside it; what is bought once comes no more', () => {
    const discount = { kind: 'PERCENT', value: '10', renews: false } as const;
    const items = [
      exampleItem({ discount }),
      exampleItem({ productCode: 'PACK', productKind: 'ADD_ON', pricePeriod: 'ONE_TIME' }),
    ];
    const { bills } = work(begun(agreed('2024-01-01', 'MONTH', 'ANNIVERSARY', { items })), '2024-02-01');
    expect(told(bills)).toEqual([
      ['2024-02-01', 'CHARGE', '2024-02-01', '2024-03-01', 1_000],
      ['2024-02-01', 'DISCOUNT', '2024-02-01', '2024-03-01', -100],
    ]);
  });
});

describe('the end of a term', () => {
  test('within a billing period: that is billed up to it, and the next term goes on from it', () => {
    const seven = agreed('2024-01-01', 'QUARTER', 'ANNIVERSARY', termOf('2024-01-01', 7));
    const renewal = { ...seven.renewal, termMonths: 7 };
    const { bills, versions } = work(begun({ ...seven, renewal }), '2024-08-01');
    expect(told(bills)).toEqual([
      ['2024-04-01', 'CHARGE', '2024-04-01', '2024-07-01', 3_000],
      ['2024-07-01', 'CHARGE', '2024-07-01', '2024-08-01', 1_011],
      ['2024-08-01', 'CHARGE', '2024-08-01', '2024-10-01', 1_989],
    ]);
    expect(versions.map(({ cause, effectiveOn, agreement: { term } }) => [cause, effectiveOn, term])).toEqual(
      [['AUTO_RENEWAL', '2024-08-01', { startDate: '2024-08-01', endDate: '2025-03-01', months: 7 }]],
    );
  });

  test('renews with the uplift, with what was planned, and without what was for one term', () => {
    const discount = { kind: 'AMOUNT', value: '1', renews: false } as const;
    const yearly = agreed('2024-01-01', 'YEAR', 'ANNIVERSARY', {
      items: [
        exampleItem({ quantity: 10, discount }),
        exampleItem({ productCode: 'AI', productKind: 'ADD_ON' }),
        exampleItem({ productCode: 'PACK', productKind: 'ADD_ON', pricePeriod: 'ONE_TIME' }),
      ],
    });
    const renewal = {
      ...yearly.renewal,
      upliftPercent: '5',
      planned: [
        { kind: 'QUANTITY', productCode: 'PREMIUM', quantity: 8 },
        { kind: 'REMOVAL', productCode: 'AI' },
      ],
    } as const;
    const { bills, head } = work(begun({ ...yearly, renewal }), '2025-01-01');
    expect(told(bills)).toEqual([['2025-01-01', 'CHARGE', '2025-01-01', '2026-01-01', 100_800]]);
    expect(head.agreement.items).toEqual([exampleItem({ quantity: 8, unitPrice: '10.5' })]);
    expect(head).toMatchObject({
      version: 2,
      cause: 'AUTO_RENEWAL',
      orderId: null,
      recordedBy: 'system',
      recordedAt: at,
    });
    expect(head.agreement.renewal.planned).toEqual([]);
  });

  test('several terms at once, each with its version and its uplift upon the last', () => {
    const yearly = agreed('2024-02-29', 'YEAR', 'ANNIVERSARY');
    const { bills, versions } = work(
      begun({ ...yearly, renewal: { ...yearly.renewal, upliftPercent: '10' } }),
      '2028-03-01',
    );
    expect(told(bills).map(([on, , , , minor]) => [on, minor])).toEqual([
      ['2025-02-28', 13_200],
      ['2026-02-28', 14_520],
      ['2027-02-28', 15_972],
      ['2028-02-29', 17_569],
    ]);
    expect(versions.map(({ version }) => version)).toEqual([2, 3, 4, 5]);
  });

  test.each<[string, Partial<Agreement>]>([
    [
      'it is not renewed by itself',
      { renewal: { automatic: false, termMonths: 12, upliftPercent: '0', planned: [] } },
    ],
    ['it was canceled for that day', { canceledOn: localDate('2025-01-01') }],
    ['it is suspended', { suspendedOn: localDate('2024-06-01') }],
  ])('does nothing when %s', (_, changes) => {
    const state = begun(agreed('2024-01-01', 'YEAR', 'ANNIVERSARY', changes));
    expect(work(state, '2026-01-01')).toMatchObject({ bills: [], versions: [] });
    expect(nextDueOn(state)).toBeNull();
  });

  test('is left to an order for that very day, when that is asked for', () => {
    const state = begun(agreed('2024-01-01', 'MONTH', 'ANNIVERSARY'));
    const before = work(state, '2025-01-01', true);
    expect(before.versions).toEqual([]);
    expect(daysOf(before.bills).at(-1)).toBe('2024-12-01');
    expect(nextDueOn(before)).toBe('2025-01-01');
    expect(work(before, '2025-01-01').versions).toHaveLength(1);
    expect(work(state, '2025-01-02', true).versions).toHaveLength(1);
  });
});

describe('trials', () => {
  const trial = agreed('2024-03-05', 'MONTH', 'CALENDAR', {
    trial: true,
    term: { startDate: localDate('2024-03-05'), endDate: localDate('2024-03-15'), months: null },
  });

  test('cost nothing and end on their day, which is recorded', () => {
    const { renewal } = trial;
    const { bills, versions, ...after } = work(
      begun({ ...trial, renewal: { ...renewal, automatic: false } }),
      '2024-04-01',
    );
    expect(bills).toEqual([]);
    expect(versions).toMatchObject([
      { cause: 'TRIAL_END', effectiveOn: '2024-03-15', agreement: { trial: true, canceledOn: '2024-03-15' } },
    ]);
    expect(nextDueOn(after)).toBeNull();
  });

  test('become paid on the day on which they end, aligned as they were agreed', () => {
    const { bills, versions } = work(begun(trial), '2024-04-01');
    expect(told(bills)).toEqual([
      ['2024-03-15', 'CHARGE', '2024-03-15', '2024-04-01', 548],
      ['2024-04-01', 'CHARGE', '2024-04-01', '2024-05-01', 1_000],
    ]);
    expect(versions).toMatchObject([
      {
        cause: 'TRIAL_END',
        effectiveOn: '2024-03-15',
        agreement: { trial: false, term: { endDate: '2025-03-15' } },
      },
    ]);
  });

  test('that were canceled are not recorded to end once more', () => {
    const canceled = ordered(begun(trial), { kind: 'CANCEL', on: null }, '2024-03-10');
    expect(work(canceled, '2024-04-01')).toMatchObject({ bills: [], versions: [] });
  });
});

describe('suspensions and cancellations', () => {
  const state = begun(agreed('2024-01-01', 'MONTH', 'ANNIVERSARY'));

  test('nothing is billed while it is suspended, however many periods pass; from the resumption on it is', () => {
    const suspended = ordered(state, { kind: 'SUSPEND' }, '2024-02-10');
    expect(suspended.billedUntil).toBe('2024-02-10');
    const waited = work(suspended, '2024-05-10');
    expect(waited).toMatchObject({ bills: [], versions: [], billedUntil: '2024-02-10' });
    const resumed = ordered(waited, { kind: 'RESUME' }, '2024-05-16');
    expect(resumed.billedUntil).toBe('2024-06-01');
    expect(daysOf(work(resumed, '2024-07-01').bills)).toEqual(['2024-06-01', '2024-07-01']);
  });

  test('up to the day for which it was canceled it is billed, and no further', () => {
    const canceled = ordered(state, { kind: 'CANCEL', on: localDate('2024-03-11') }, '2024-01-20');
    const { bills, versions } = work(canceled, '2025-06-01');
    expect(told(bills)).toEqual([
      ['2024-02-01', 'CHARGE', '2024-02-01', '2024-03-01', 1_000],
      ['2024-03-01', 'CHARGE', '2024-03-01', '2024-03-11', 323],
    ]);
    expect(versions).toEqual([]);
  });
});

test('C22 a month in Los Angeles, canceled for local 1 December: one bill, and nothing to give back', () => {
  // 00:01 of 1 November there, on the day on which its clocks go back.
  const start = localDateAt(new Date('2015-11-01T07:01:01Z'), 'America/Los_Angeles');
  const state = begun(agreed(start, 'MONTH', 'ANNIVERSARY'));
  expect([start, state.billedUntil]).toEqual(['2015-11-01', '2015-12-01']);
  const canceled = ordered(state, { kind: 'CANCEL', on: localDate('2015-12-01') }, '2015-11-20');
  expect(canceled.billedUntil).toBe('2015-12-01');
  expect(work(canceled, '2016-11-01')).toMatchObject({ bills: [], versions: [] });
});

test('whatever day it is done through, from the outcome nothing is left for that day', () => {
  const state = begun(agreed('2024-01-31', 'WEEK', 'CALENDAR', termOf('2024-01-31', 1)));
  for (let day = localDate('2024-01-31'); day < '2024-05-01'; day = addDays(day, 1)) {
    const done = work(state, day);
    const again = work(done, day);
    expect([again.bills, again.versions, again.billedUntil]).toEqual([[], [], done.billedUntil]);
    expect(done.billedUntil).toBe(billedUntil(done.head.agreement, day));
  }
});
