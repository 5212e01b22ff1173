import { type Agreement, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { exampleAgreement, exampleItem } from '@fulfillment/kernel/domain/agreement/example';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { withSeats } from '@fulfillment/kernel/domain/agreement/seats';
import { addDays, compareDates, localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextVersion, type SubscriptionVersion } from '../subscription.js';
import {
  defaultReconciliationRules,
  type ReconciliationFacts,
  type ReconciliationMode,
  reconciliationModeOf,
  type ReconciliationRules,
} from './mode.js';
import { type Reconciliation, reconcile } from './reconcile.js';
import {
  nextReconciliationDay,
  reconciliationDays,
  reconciliationInstant,
  type SeatUsage,
  unreported,
  withMoreUsers,
} from './seat-usage.js';

/** 100 seats at 100.00 a year under STRICT_30_360. */
function yearly(changes: Partial<Agreement> = {}): Agreement {
  const start = localDate('2026-01-01');
  return exampleAgreement(start, {
    billing: { period: 'YEAR', anchor: start, policy: 'STRICT_30_360' },
    items: [exampleItem({ quantity: 100, unitPrice: '100.00', pricePeriod: 'YEAR' })],
    ...changes,
  });
}

function firstVersion(agreement: Agreement): SubscriptionVersion {
  return {
    version: 1,
    cause: 'ORDER',
    orderId: 'order',
    recordedBy: 'person',
    recordedAt: new Date('2026-01-01T12:00:00Z'),
    effectiveOn: agreement.term.startDate,
    accountId: 'customer',
    invoiceOwnerAccountId: 'customer',
    partnerOfRecordId: null,
    distributorId: null,
    billingTimeZone: 'UTC',
    agreement,
  };
}

function next(
  history: readonly SubscriptionVersion[],
  on: string,
  agreement: Agreement,
): SubscriptionVersion[] {
  const head = history.at(-1);
  if (head === undefined) throw new Error('A history has versions');
  const origin = {
    cause: 'RECONCILIATION' as const,
    orderId: null,
    recordedBy: 'system',
    recordedAt: new Date(`${on}T00:00:00Z`),
    effectiveOn: localDate(on),
  };
  return [...history, nextVersion(head, origin, agreement)];
}

function usageOf(agreement: Agreement, maxima: readonly number[]): SeatUsage {
  const { startDate, endDate } = agreement.term;
  const usage = unreported('subscription', { start: startDate, end: endDate });
  return {
    ...usage,
    maximum: Math.max(0, ...maxima),
    quarters: usage.quarters.map((quarter, index) => ({ ...quarter, maximum: maxima[index] ?? 0 })),
  };
}

/** Reconciles on each day of a term in turn; `maxima` may say another thing each time. */
function lived(agreement: Agreement, mode: ReconciliationMode, maxima: (index: number) => readonly number[]) {
  let history = [firstVersion(agreement)];
  const outcomes: (Reconciliation | null)[] = [];
  for (const [index, due] of reconciliationDays(usageOf(agreement, [])).entries()) {
    const usage = usageOf(agreement, maxima(index));
    const outcome = reconcile({ mode, usage, history, due, on: due });
    outcomes.push(outcome);
    if (outcome?.after) history = next(history, due, outcome.after);
  }
  return { history, outcomes };
}

const cents = (outcome: Reconciliation | null) =>
  Number((outcome?.lines ?? []).reduce((sum, { amount }) => sum + amount.minor, 0n));

describe('reconcile', () => {
  const maxima = [110, 105, 120, 120];

  test('case A1: each quarter but the last bills the overage for the rest of the term', () => {
    const { outcomes, history } = lived(yearly(), 'QUARTERLY', () => maxima);
    expect(outcomes.map(cents)).toEqual([75_000, 0, 25_000, 0]);
    expect(outcomes.map((outcome) => outcome?.seats)).toEqual([10, 0, 10, undefined]);
    expect(history.map(({ agreement }) => planOf(agreement.items).quantity)).toEqual([100, 110, 120]);
  });

  test('case A1: the true-up alone bills the overage for the whole term, once, at its end', () => {
    const { outcomes, history } = lived(yearly(), 'TRUE_UP', () => maxima);
    expect(outcomes.map(cents)).toEqual([0, 0, 0, 200_000]);
    expect(history).toHaveLength(1);
  });

  test('off: nothing is ever billed', () => {
    const { outcomes } = lived(yearly(), 'OFF', () => [900, 900, 900, 900]);
    expect(outcomes).toEqual([null, null, null, null]);
  });

  test('case A2: 10 seats, users 10, 12, 9, 13: 3 over', () => {
    const agreement = yearly({
      items: [exampleItem({ quantity: 10, unitPrice: '100.00', pricePeriod: 'YEAR' })],
    });
    expect(lived(agreement, 'TRUE_UP', () => [10, 12, 9, 13]).outcomes.at(-1)).toMatchObject({
      maximum: 13,
      agreed: 10,
      seats: 3,
    });
  });

  test('case A4: the true-up is exactly the overage, and fewer seats may be planned for the next term', () => {
    const agreement = yearly({
      items: [exampleItem({ quantity: 10, unitPrice: '100.00', pricePeriod: 'YEAR' })],
      renewal: {
        automatic: true,
        termMonths: 12,
        upliftPercent: '0',
        planned: [{ kind: 'QUANTITY', productCode: 'PREMIUM', quantity: 4 }],
      },
    });
    const usage = usageOf(agreement, [12]);
    const due = agreement.term.endDate;
    const outcome = reconcile({ mode: 'TRUE_UP', usage, history: [firstVersion(agreement)], due, on: due });
    expect(outcome).toMatchObject({ seats: 2, after: null });
    expect(cents(outcome)).toBe(20_000);
    const quarterly = lived(agreement, 'QUARTERLY', () => [12, 12, 12, 12]).history.at(-1)?.agreement;
    expect(quarterly?.renewal.planned).toEqual(agreement.renewal.planned);
  });

  test('a true-up has the lines that the bills of the term would have had, discount and all', () => {
    const agreement = exampleAgreement('2026-01-01', {
      items: [exampleItem({ quantity: 5, discount: { kind: 'PERCENT', value: '50', renews: false } })],
    });
    const due = agreement.term.endDate;
    const usage = usageOf(agreement, [0, 7]);
    const outcome = reconcile({ mode: 'TRUE_UP', usage, history: [firstVersion(agreement)], due, on: due });
    // 2 seats x 10.00 x 12 months, half off.
    expect(cents(outcome)).toBe(12_000);
    expect(outcome?.lines).toHaveLength(24);
  });

  test.each<[why: string, reported: (index: number) => number[], seats: (number | undefined)[]]>([
    [
      'what is reported late counts on the next day',
      (index) => (index === 0 ? [100] : [115, 104]),
      [0, 15, 0, undefined],
    ],
    ['what was settled is not settled again', () => [110, 110, 110, 110], [10, 0, 0, undefined]],
    ['the last quarter bills nothing', () => [100, 100, 100, 500], [0, 0, 0, undefined]],
  ])('%s', (_why, reported, seats) => {
    const { outcomes } = lived(yearly(), 'QUARTERLY', reported);
    expect(outcomes.map((outcome) => outcome?.seats)).toEqual(seats);
  });

  test('a peak that was covered then is not billed when there are fewer seats later', () => {
    const agreement = yearly({
      items: [exampleItem({ quantity: 120, unitPrice: '100.00', pricePeriod: 'YEAR' })],
    });
    const fewer = next([firstVersion(agreement)], '2026-05-15', withSeats(agreement, 100));
    const usage = usageOf(agreement, [110, 100]);
    const due = localDate('2026-07-01');
    expect(reconcile({ mode: 'QUARTERLY', usage, history: fewer, due, on: due })).toMatchObject({ seats: 0 });
  });

  test.each(['QUARTERLY', 'TRUE_UP'] as const)(
    'who gives seats back when people leave was never over: %s does not sell them again',
    (mode) => {
      const agreement = yearly({
        items: [exampleItem({ quantity: 110, unitPrice: '100.00', pricePeriod: 'YEAR' })],
      });
      const fewer = next([firstVersion(agreement)], '2026-03-15', withSeats(agreement, 100));
      const usage = usageOf(agreement, [110, 100, 100, 100]);
      const outcomes = reconciliationDays(usage).map((due) =>
        reconcile({ mode, usage, history: fewer, due, on: due }),
      );
      expect(outcomes.map((outcome) => outcome?.seats ?? 0)).toEqual([0, 0, 0, 0]);
      // Who keeps the people is over from the next quarter on.
      const kept = { ...usage, ...usageOf(agreement, [110, 110, 110, 110]) };
      const due = localDate(mode === 'QUARTERLY' ? '2026-07-01' : '2027-01-01');
      expect(reconcile({ mode, usage: kept, history: fewer, due, on: due })).toMatchObject({ seats: 10 });
    },
  );

  test('what was settled some days late is not settled again when there are fewer seats later', () => {
    const agreement = yearly();
    const settled = next([firstVersion(agreement)], '2026-04-05', withSeats(agreement, 110));
    const fewer = next(settled, '2026-05-15', withSeats(agreement, 100)).map((version) =>
      version.version === 3 ? { ...version, cause: 'ORDER' as const } : version,
    );
    const usage = usageOf(agreement, [110, 100, 100, 100]);
    for (const [mode, due] of [
      ['QUARTERLY', localDate('2026-07-01')],
      ['TRUE_UP', localDate('2027-01-01')],
    ] as const) {
      expect(reconcile({ mode, usage, history: fewer, due, on: due })).toMatchObject({ seats: 0 });
    }
  });

  test.each<[why: string, changes: Partial<Agreement>]>([
    ['a trial', { trial: true }],
    ['while it is suspended', { suspendedOn: localDate('2026-03-01') }],
    ['after it was canceled', { canceledOn: localDate('2026-03-15') }],
  ])('nothing of %s', (_why, changes) => {
    const agreement = yearly(changes);
    const due = localDate('2026-04-01');
    const history = [firstVersion(agreement)];
    expect(
      reconcile({ mode: 'QUARTERLY', usage: usageOf(agreement, [500]), history, due, on: due }),
    ).toBeNull();
  });

  test('notice does not stand in its way: it is billed up to the last day', () => {
    const agreement = yearly({ canceledOn: localDate('2026-10-01') });
    const due = localDate('2026-04-01');
    const history = [firstVersion(agreement)];
    const outcome = reconcile({ mode: 'QUARTERLY', usage: usageOf(agreement, [110]), history, due, on: due });
    expect(cents(outcome)).toBe(50_000);
  });
});

describe('reconcile, for any use', () => {
  const anyCase = fc.record({
    seats: fc.integer({ min: 1, max: 50 }),
    maxima: fc.array(fc.nat(80), { minLength: 4, maxLength: 4 }),
    period: fc.constantFrom('MONTH' as const, 'QUARTER' as const, 'YEAR' as const),
    policy: fc.constantFrom('ACTUAL_DAYS' as const, 'FIXED_30' as const, 'STRICT_30_360' as const),
    startOffset: fc.nat(364),
  });
  const agreementOf = ({
    seats,
    period,
    policy,
    startOffset,
  }: {
    seats: number;
    period: 'MONTH' | 'QUARTER' | 'YEAR';
    policy: 'ACTUAL_DAYS' | 'FIXED_30' | 'STRICT_30_360';
    startOffset: number;
  }) => {
    const start = addDays(localDate('2026-01-01'), startOffset);
    return exampleAgreement(start, {
      billing: { period, anchor: start, policy },
      items: [exampleItem({ quantity: seats })],
    });
  };

  test('a second run comes to nothing, and what was billed covers the use', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const agreement = agreementOf(given);
        let history = [firstVersion(agreement)];
        const usage = usageOf(agreement, given.maxima);
        for (const due of reconciliationDays(usage)) {
          const outcome = reconcile({ mode: 'QUARTERLY', usage, history, due, on: due });
          if (outcome === null) continue;
          if (outcome.after !== null) history = next(history, due, outcome.after);
          const again = reconcile({ mode: 'QUARTERLY', usage, history, due, on: due });
          expect(again).toMatchObject({ seats: 0, lines: [], after: null });
          const over = usage.quarters.filter(({ end }) => compareDates(end, due) <= 0);
          expect(planOf(history.at(-1)?.agreement.items ?? []).quantity).toBe(
            Math.max(given.seats, ...over.map(({ maximum }) => maximum)),
          );
        }
      }),
    );
  });

  test('it costs what the same seats ordered on the day would cost, and nothing without overage', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const agreement = agreementOf(given);
        const usage = usageOf(agreement, given.maxima);
        const history = [firstVersion(agreement)];
        const [due] = reconciliationDays(usage);
        if (due === undefined) throw new Error('A year has quarters');
        const outcome = reconcile({ mode: 'QUARTERLY', usage, history, due, on: due });
        const maximum = given.maxima[0] ?? 0;
        const ordered =
          maximum <= given.seats
            ? []
            : changeLines({ before: agreement, after: withSeats(agreement, maximum), on: due, today: due });
        expect(outcome?.lines).toEqual(ordered);
      }),
    );
  });

  test('more users never cost less', () => {
    fc.assert(
      fc.property(
        anyCase,
        fc.constantFrom('QUARTERLY' as const, 'TRUE_UP' as const),
        fc.nat(30),
        (given, mode, more) => {
          const agreement = agreementOf(given);
          const history = [firstVersion(agreement)];
          const usage = { ...usageOf(agreement, given.maxima), used: given.maxima[0] ?? 0 };
          const grown = withMoreUsers(usage, more, agreement.term.startDate);
          for (const due of reconciliationDays(usage)) {
            const cost = (one: SeatUsage) => cents(reconcile({ mode, usage: one, history, due, on: due }));
            expect(cost(grown)).toBeGreaterThanOrEqual(cost(usage));
          }
        },
      ),
    );
  });
});

describe('reconciliationModeOf', () => {
  const direct: ReconciliationFacts = {
    planCode: 'PREMIUM',
    seats: 10,
    termMonths: 12,
    deploymentKind: 'SAAS_NAMESPACE',
    channel: 'DIRECT',
  };
  const rules: ReconciliationRules = [
    { planCodes: ['ULTIMATE'], minimumSeats: 50, mode: 'OFF' },
    { minimumTermMonths: 24, deploymentKinds: ['SELF_MANAGED_INSTANCE'], mode: 'TRUE_UP' },
  ];
  test.each<
    [
      facts: Partial<ReconciliationFacts>,
      agreed: ReconciliationMode | null,
      used: ReconciliationRules,
      mode: ReconciliationMode,
    ]
  >([
    [{}, null, defaultReconciliationRules, 'QUARTERLY'],
    [{ channel: 'PARTNER' }, null, defaultReconciliationRules, 'TRUE_UP'],
    [{ deploymentKind: 'DEDICATED_TENANT' }, null, defaultReconciliationRules, 'TRUE_UP'],
    [{ termMonths: 12 }, null, defaultReconciliationRules, 'QUARTERLY'],
    [{ termMonths: 24 }, null, defaultReconciliationRules, 'TRUE_UP'],
    [{ termMonths: null }, null, defaultReconciliationRules, 'OFF'],
    // The account's own terms go before the rules, but a trial costs nothing.
    [{ channel: 'PARTNER' }, 'QUARTERLY', defaultReconciliationRules, 'QUARTERLY'],
    [{}, 'OFF', defaultReconciliationRules, 'OFF'],
    [{ termMonths: null }, 'QUARTERLY', defaultReconciliationRules, 'OFF'],
    // No rule holds: off.
    [{}, null, rules, 'OFF'],
    [{ planCode: 'ULTIMATE', seats: 50 }, null, [...rules, { mode: 'QUARTERLY' }], 'OFF'],
    [{ planCode: 'ULTIMATE', seats: 49 }, null, [...rules, { mode: 'QUARTERLY' }], 'QUARTERLY'],
    [{ termMonths: 24, deploymentKind: 'SELF_MANAGED_INSTANCE' }, null, rules, 'TRUE_UP'],
    [{ termMonths: 24 }, null, rules, 'OFF'],
  ])('%j, agreed %s', (facts, agreed, used, mode) => {
    expect(reconciliationModeOf({ ...direct, ...facts }, agreed, used)).toBe(mode);
  });
});

describe('the days of reconciliation', () => {
  test('are the first days after the quarters, counted from the first day of the term', () => {
    const usage = unreported('subscription', {
      start: localDate('2026-01-31'),
      end: localDate('2027-01-31'),
    });
    expect(reconciliationDays(usage)).toEqual(['2026-04-30', '2026-07-31', '2026-10-31', '2027-01-31']);
    expect(nextReconciliationDay(usage, localDate('2026-04-29'))).toBe('2026-04-30');
    expect(nextReconciliationDay(usage, localDate('2026-04-30'))).toBe('2026-07-31');
    expect(nextReconciliationDay(usage, localDate('2027-01-31'))).toBeNull();
  });

  test.each([
    ['UTC', '2026-04-01T00:00:00.000Z'],
    // There the day has begun before it has in UTC …
    ['Pacific/Auckland', '2026-04-01T00:00:00.000Z'],
    // … and here it begins later.
    ['America/Los_Angeles', '2026-04-01T07:00:00.000Z'],
  ])('begin in %s when the day before is over there and in UTC', (zone, instant) => {
    expect(reconciliationInstant(localDate('2026-04-01'), zone).toISOString()).toBe(instant);
  });
});
