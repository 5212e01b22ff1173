import { type Agreement, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { exampleAgreement, exampleItem } from '@fulfillment/kernel/domain/agreement/example';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { withSeats } from '@fulfillment/kernel/domain/agreement/seats';
import { addDays, compareDates, type LocalDate, localDate } from '@fulfillment/kernel/domain/calendar';
import { partsByAnchor } from '@fulfillment/kernel/domain/period';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextVersion, type Parties, type SubscriptionVersion } from '../subscription.js';
import type { SettledDay } from './judged-days.js';
import {
  type AgreedMode,
  defaultReconciliationRules,
  type ReconciliationFacts,
  type ReconciliationMode,
  reconciliationModeOf,
  type ReconciliationRules,
} from './mode.js';
import { type Reconciliation, reconcile } from './reconcile.js';
import { outstandingDays, reconciliationDays } from './reconciliation-day.js';
import { reconciliationInstant, type SeatUsage, unreported, withMoreUsers } from './seat-usage.js';

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
  parties: Partial<Parties> = {},
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
  return [...history, nextVersion(head, origin, agreement, parties)];
}

/** The highest use of each quarter, on its tenth day. */
function usageOf(agreement: Agreement, maxima: readonly number[]): SeatUsage {
  const { startDate, endDate } = agreement.term;
  const usage = unreported('subscription', { start: startDate, end: endDate });
  const days = partsByAnchor(usage.term, startDate, { months: 3 }).map(({ start }, index) => ({
    start: addDays(start, 9),
    end: addDays(start, 10),
    users: maxima[index] ?? 0,
  }));
  return { ...usage, days };
}

type Course = readonly (readonly [from: string, users: number])[];

/** As many users from each of these days of 2026 up to the next one. */
function used(...course: Course): SeatUsage {
  const usage = unreported('subscription', { start: localDate('2026-01-01'), end: localDate('2027-01-01') });
  const days = course.map(([from, users], index) => ({
    start: localDate(from),
    end: localDate(course[index + 1]?.[0] ?? '2027-01-01'),
    users,
  }));
  return { ...usage, days };
}

/** What was agreed with the customer, from which days on. */
function agreedModes(
  ...modes: readonly (readonly [from: string, mode: ReconciliationMode | null])[]
): AgreedMode[] {
  return modes.map(([from, mode]) => ({ accountId: 'customer', from: localDate(from), mode }));
}

const always = (mode: ReconciliationMode) => agreedModes(['2000-01-01', mode]);

interface Judging {
  readonly mode: ReconciliationMode | readonly AgreedMode[];
  readonly usage: SeatUsage;
  readonly history: readonly SubscriptionVersion[];
  readonly due: LocalDate;
  readonly on: LocalDate;
  readonly settled?: readonly SettledDay[];
}

function judge({ mode, settled = [], ...given }: Judging): Reconciliation | null {
  const modes = typeof mode === 'string' ? always(mode) : mode;
  return reconcile({ ...given, settled, agreedModes: modes, deploymentKind: 'SAAS_NAMESPACE' });
}

const daysOf = (history: readonly SubscriptionVersion[]) =>
  reconciliationDays(history, localDate(history[0]?.agreement.term.startDate ?? '')).map(({ on }) => on);

/** Reconciles on each day of a term in turn; `maxima` may say another thing each time. */
function lived(agreement: Agreement, mode: ReconciliationMode, maxima: (index: number) => readonly number[]) {
  return livedThrough([firstVersion(agreement)], mode, (index) => usageOf(agreement, maxima(index)));
}

function livedThrough(
  versions: readonly SubscriptionVersion[],
  mode: Judging['mode'],
  usage: (index: number) => SeatUsage,
) {
  let history = [...versions];
  const settled: SettledDay[] = [];
  const outcomes: (Reconciliation | null)[] = [];
  for (const [index, due] of daysOf(history).entries()) {
    // What is agreed later is not known yet.
    const known = history.filter(({ effectiveOn }) => effectiveOn <= due);
    const outcome = judge({ mode, usage: usage(index), history: known, due, on: due, settled });
    outcomes.push(outcome);
    if (outcome !== null) settled.push(doneOf(outcome, due));
    if (outcome?.after) history = next(history, due, outcome.after);
  }
  return { history, outcomes, seats: outcomes.map((outcome) => outcome?.seats ?? null) };
}

const doneOf = ({ agreed, seats }: Reconciliation, due: LocalDate): SettledDay => {
  return { dueOn: due, settledOn: due, agreed, seats };
};

const cents = (outcome: Reconciliation | null) =>
  Number((outcome?.lines ?? []).reduce((sum, { amount }) => sum + amount.minor, 0n));

describe('reconcile', () => {
  const maxima = [110, 105, 120, 120];

  test('case A1: each quarter but the last bills the overage for the rest of the term', () => {
    const { outcomes, history } = lived(yearly(), 'QUARTERLY', () => maxima);
    expect(outcomes.map(cents)).toEqual([75_000, 0, 25_000, 0]);
    expect(outcomes.map((outcome) => outcome?.seats)).toEqual([10, 0, 10, 0]);
    expect(history.map(({ agreement }) => planOf(agreement.items).quantity)).toEqual([100, 110, 120]);
  });

  test('case A1: the true-up alone bills the overage for the whole term, once, at its end', () => {
    const { outcomes, history } = lived(yearly(), 'TRUE_UP', () => maxima);
    expect(outcomes.map(cents)).toEqual([0, 0, 0, 200_000]);
    expect(history).toHaveLength(1);
  });

  test('off: nothing is ever billed, and what was used is written down', () => {
    const { outcomes, history } = lived(yearly(), 'OFF', () => [900, 80, 900, 900]);
    const nothing = { kind: 'OFF', agreed: 100, seats: 0, lines: [], after: null };
    expect(outcomes).toMatchObject([900, 80, 900, 900].map((maximum) => ({ ...nothing, maximum })));
    expect(history).toHaveLength(1);
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
    const outcome = judge({ mode: 'TRUE_UP', usage, history: [firstVersion(agreement)], due, on: due });
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
    const outcome = judge({ mode: 'TRUE_UP', usage, history: [firstVersion(agreement)], due, on: due });
    // 2 seats x 10.00 x 12 months, half off.
    expect(cents(outcome)).toBe(12_000);
    expect(outcome?.lines).toHaveLength(24);
  });

  test.each<[why: string, reported: (index: number) => number[], seats: (number | undefined)[]]>([
    [
      'what is reported late counts on the next day',
      (index) => (index === 0 ? [100] : [115, 104]),
      [0, 15, 0, 0],
    ],
    ['what was settled is not settled again', () => [110, 110, 110, 110], [10, 0, 0, 0]],
    ['the last quarter bills nothing', () => [100, 100, 100, 500], [0, 0, 0, 0]],
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
    expect(judge({ mode: 'QUARTERLY', usage, history: fewer, due, on: due })).toMatchObject({ seats: 0 });
  });

  test.each(['QUARTERLY', 'TRUE_UP'] as const)(
    'who gives seats back when people leave was never over: %s does not sell them again',
    (mode) => {
      const agreement = yearly({
        items: [exampleItem({ quantity: 110, unitPrice: '100.00', pricePeriod: 'YEAR' })],
      });
      const fewer = next([firstVersion(agreement)], '2026-03-15', withSeats(agreement, 100));
      const usage = usageOf(agreement, [110, 100, 100, 100]);
      const outcomes = daysOf(fewer).map((due) => judge({ mode, usage, history: fewer, due, on: due }));
      expect(outcomes.map((outcome) => outcome?.seats ?? 0)).toEqual([0, 0, 0, 0]);
      // Who keeps the people is over from the next quarter on.
      const kept = { ...usage, ...usageOf(agreement, [110, 110, 110, 110]) };
      const due = localDate(mode === 'QUARTERLY' ? '2026-07-01' : '2027-01-01');
      expect(judge({ mode, usage: kept, history: fewer, due, on: due })).toMatchObject({ seats: 10 });
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
      const done = {
        dueOn: localDate('2026-04-01'),
        settledOn: localDate('2026-04-05'),
        agreed: 100,
        seats: 10,
      };
      expect(judge({ mode, usage, history: fewer, due, on: due, settled: [done] })).toMatchObject({
        seats: 0,
      });
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
      judge({ mode: 'QUARTERLY', usage: usageOf(agreement, [500]), history, due, on: due })?.lines ?? null,
    ).toBeNull();
  });

  test('notice does not stand in its way: it is billed up to the last day', () => {
    const agreement = yearly({ canceledOn: localDate('2026-10-01') });
    const due = localDate('2026-04-01');
    const history = [firstVersion(agreement)];
    const outcome = judge({ mode: 'QUARTERLY', usage: usageOf(agreement, [110]), history, due, on: due });
    expect(cents(outcome)).toBe(50_000);
  });
});

describe('the course of use against the course of what was agreed', () => {
  const seatsAt = (quantity: number) =>
    yearly({ items: [exampleItem({ quantity, unitPrice: '100.00', pricePeriod: 'YEAR' })] });
  const agreed = (first: number, ...later: readonly (readonly [on: string, seats: number])[]) =>
    later.reduce((history, [on, seats]) => next(history, on, seatsAt(seats)), [firstVersion(seatsAt(first))]);

  test.each<
    [
      why: string,
      history: SubscriptionVersion[],
      course: Course,
      quarterly: (number | null)[],
      trueUp: number,
    ]
  >([
    [
      'over for a month, then more were bought',
      agreed(10, ['2026-02-01', 15]),
      [['2026-01-01', 12]],
      [0, 0, 0, 0],
      0,
    ],
    [
      'bought too few',
      agreed(10, ['2026-02-01', 15]),
      [
        ['2026-01-01', 12],
        ['2026-02-01', 17],
      ],
      [2, 0, 0, 0],
      2,
    ],
    [
      'gave seats back with the people',
      agreed(15, ['2026-02-01', 10]),
      [
        ['2026-01-01', 15],
        ['2026-02-01', 10],
      ],
      [0, 0, 0, 0],
      0,
    ],
    [
      'gave seats back, and the people stayed',
      agreed(15, ['2026-02-01', 10]),
      [['2026-01-01', 15]],
      [5, 0, 0, 0],
      5,
    ],
    [
      'gave seats back a day before the people left',
      agreed(15, ['2026-02-01', 10]),
      [
        ['2026-01-01', 15],
        ['2026-02-02', 9],
      ],
      [5, 0, 0, 0],
      5,
    ],
    [
      'over before some were given back',
      agreed(15, ['2026-02-01', 10]),
      [
        ['2026-01-01', 18],
        ['2026-02-01', 9],
      ],
      [3, 0, 0, 0],
      3,
    ],
    [
      'over on one day',
      agreed(10),
      [
        ['2026-01-01', 9],
        ['2026-03-31', 12],
        ['2026-04-01', 9],
      ],
      [2, 0, 0, 0],
      2,
    ],
    [
      'over on the first day of the next quarter',
      agreed(10),
      [
        ['2026-01-01', 9],
        ['2026-04-01', 12],
        ['2026-04-02', 9],
      ],
      [0, 2, 0, 0],
      2,
    ],
    [
      'over only in the last quarter',
      agreed(10),
      [
        ['2026-01-01', 9],
        ['2026-10-01', 12],
      ],
      [0, 0, 0, 0],
      2,
    ],
  ])('%s', (_why, history, course, quarterly, trueUp) => {
    const usage = used(...course);
    expect(livedThrough(history, always('QUARTERLY'), () => usage).seats).toEqual(quarterly);
    expect(livedThrough(history, always('TRUE_UP'), () => usage).seats).toEqual([null, null, null, trueUp]);
  });
});

describe('only what is used since it was turned on counts', () => {
  const history = [firstVersion(yearly())];
  const peakInFebruary = used(['2026-01-01', 100], ['2026-02-01', 900], ['2026-03-01', 100]);

  test.each<[why: string, modes: AgreedMode[], usage: SeatUsage, seats: (number | null)[]]>([
    [
      'off from the start, on in May',
      agreedModes(['2025-01-01', 'OFF'], ['2026-05-01', 'QUARTERLY']),
      peakInFebruary,
      [0, 0, 0, 0],
    ],
    [
      'what is over from the day on counts',
      agreedModes(['2025-01-01', 'OFF'], ['2026-05-01', 'QUARTERLY']),
      used(['2026-01-01', 900], ['2026-05-01', 107], ['2026-05-02', 90]),
      [0, 7, 0, 0],
    ],
    [
      'off for a month within the quarter',
      agreedModes(['2026-02-01', 'OFF'], ['2026-03-01', 'QUARTERLY']),
      peakInFebruary,
      [0, 0, 0, 0],
    ],
    [
      'turned off after the peak, and on again',
      agreedModes(['2026-03-05', 'OFF'], ['2026-04-15', null]),
      peakInFebruary,
      [0, 0, 0, 0],
    ],
    [
      'turned off only after it was settled',
      agreedModes(['2026-04-01', 'OFF']),
      peakInFebruary,
      [800, 0, 0, 0],
    ],
    [
      'the rules decide from the start',
      agreedModes(['2026-04-01', 'OFF'], ['2026-04-01', null]),
      peakInFebruary,
      [800, 0, 0, 0],
    ],
    [
      'of a true-up too',
      agreedModes(['2026-01-01', 'OFF'], ['2026-05-01', 'TRUE_UP']),
      peakInFebruary,
      [0, null, null, 0],
    ],
    [
      'one way after the other',
      agreedModes(['2026-01-01', 'TRUE_UP'], ['2026-05-01', 'QUARTERLY']),
      peakInFebruary,
      [null, 800, 0, 0],
    ],
    [
      'and the other way round: once',
      agreedModes(['2026-01-01', 'QUARTERLY'], ['2026-05-01', 'TRUE_UP']),
      peakInFebruary,
      [800, null, null, 0],
    ],
  ])('%s', (_why, modes, usage, seats) => {
    expect(livedThrough(history, modes, () => usage).seats).toEqual(seats);
  });

  test('a true-up charges the days since then', () => {
    const modes = agreedModes(['2026-01-01', 'OFF'], ['2026-07-01', 'TRUE_UP']);
    const usage = used(['2026-01-01', 900], ['2026-07-01', 110]);
    const outcome = livedThrough(history, modes, () => usage).outcomes.at(-1);
    // 10 seats for half of the year, where it would be 1,000.00 for all of it.
    expect(outcome).toMatchObject({
      seats: 10,
      lines: [{ serviceStart: '2026-07-01', serviceEnd: '2027-01-01' }],
    });
    expect(cents(outcome ?? null)).toBe(50_000);
  });
});

describe('a true-up charges each day at the price that was agreed for it', () => {
  const end = localDate('2027-01-01');
  const trueUp = (history: readonly SubscriptionVersion[], usage: SeatUsage, due = end) =>
    judge({ mode: 'TRUE_UP', usage, history, due, on: due });
  const pieces = (outcome: Reconciliation | null) =>
    (outcome?.lines ?? []).map(({ productCode, quantity, serviceStart, serviceEnd, amount }) => {
      return [productCode, quantity, serviceStart, serviceEnd, Number(amount.minor)];
    });
  const item = (quantity: number, unitPrice = '100.00', productCode = 'PREMIUM') =>
    exampleItem({ productCode, quantity, unitPrice, pricePeriod: 'YEAR' });

  test('of another plan from its day on', () => {
    const changed = next(
      [firstVersion(yearly())],
      '2026-07-01',
      yearly({ items: [item(100, '240.00', 'ULTIMATE')] }),
    );
    expect(pieces(trueUp(changed, used(['2026-02-01', 105])))).toEqual([
      ['PREMIUM', 5, '2026-01-01', '2026-07-01', 25_000],
      ['ULTIMATE', 5, '2026-07-01', '2027-01-01', 60_000],
    ]);
  });

  test('of days on which more were agreed only what these did not cover', () => {
    const bought = next([firstVersion(yearly())], '2026-04-01', yearly({ items: [item(108)] }));
    const fewer = next(bought, '2026-07-01', yearly());
    const usage = used(['2026-01-01', 100], ['2026-10-01', 110], ['2026-11-01', 100]);
    expect(pieces(trueUp(fewer, usage))).toEqual([
      ['PREMIUM', 10, '2026-01-01', '2026-04-01', 25_000],
      ['PREMIUM', 2, '2026-04-01', '2026-07-01', 5_000],
      ['PREMIUM', 10, '2026-07-01', '2027-01-01', 50_000],
    ]);
  });

  test('of no day of a suspension', () => {
    const suspended = next(
      [firstVersion(yearly())],
      '2026-04-01',
      yearly({ suspendedOn: localDate('2026-04-01') }),
    );
    const resumed = next(suspended, '2026-10-01', yearly());
    expect(pieces(trueUp(resumed, used(['2026-01-01', 110])))).toEqual([
      ['PREMIUM', 10, '2026-01-01', '2026-04-01', 25_000],
      ['PREMIUM', 10, '2026-10-01', '2027-01-01', 25_000],
    ]);
  });

  test('a term that was made longer is charged once, at its new end, whatever licenses knew of it', () => {
    const term = { startDate: localDate('2026-01-01'), endDate: localDate('2028-01-01'), months: 24 };
    const longer = next([firstVersion(yearly())], '2026-12-20', yearly({ term }));
    const usage = used(['2026-01-01', 110]);
    expect(trueUp(longer, usage)).toBeNull();
    expect(cents(trueUp(longer, usage, term.endDate))).toBe(200_000);
  });

  test('each account pays for its own days, when they end', () => {
    const moved = next([firstVersion(yearly())], '2026-07-01', yearly(), {
      accountId: 'other',
      invoiceOwnerAccountId: 'other',
    });
    const modes = [
      ...always('TRUE_UP'),
      { accountId: 'other', from: localDate('2000-01-01'), mode: 'TRUE_UP' as const },
    ];
    const usage = used(['2026-01-01', 120], ['2026-07-01', 105]);
    const at = (day: string) =>
      judge({ mode: modes, usage, history: moved, due: localDate(day), on: localDate(day) });
    const [first, second] = [at('2026-07-01'), at('2027-01-01')];
    expect(first?.version.invoiceOwnerAccountId).toBe('customer');
    expect(pieces(first)).toEqual([['PREMIUM', 20, '2026-01-01', '2026-07-01', 100_000]]);
    expect(second?.version.invoiceOwnerAccountId).toBe('other');
    expect(pieces(second)).toEqual([['PREMIUM', 5, '2026-07-01', '2027-01-01', 25_000]]);
  });

  test('who takes a subscription over buys no seats for what was used before', () => {
    const moved = next([firstVersion(yearly())], '2026-02-15', yearly(), { accountId: 'other' });
    const due = localDate('2026-04-01');
    const usage = used(['2026-01-01', 120], ['2026-02-15', 103]);
    expect(judge({ mode: 'QUARTERLY', usage, history: moved, due, on: due })).toMatchObject({ seats: 3 });
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
        const settled: SettledDay[] = [];
        const usage = usageOf(agreement, given.maxima);
        for (const due of daysOf(history).slice(0, -1)) {
          const judging = { mode: 'QUARTERLY' as const, usage, due, on: due };
          const outcome = judge({ ...judging, history, settled });
          if (outcome === null) throw new Error('A quarter is over');
          if (outcome.after !== null) history = next(history, due, outcome.after);
          // The history alone tells that its bill was made, and so does what was written down.
          expect(judge({ ...judging, history })).toMatchObject(
            outcome.seats > 0 ? { seats: 0, lines: [] } : {},
          );
          settled.push(doneOf(outcome, due));
          expect(judge({ ...judging, history, settled })).toBeNull();
          const over = usage.days.filter(({ end }) => compareDates(end, due) <= 0);
          expect(planOf(history.at(-1)?.agreement.items ?? []).quantity).toBe(
            Math.max(given.seats, ...over.map(({ users }) => users)),
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
        const [due] = daysOf(history);
        if (due === undefined) throw new Error('A year has quarters');
        const outcome = judge({ mode: 'QUARTERLY', usage, history, due, on: due });
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
          for (const due of daysOf(history)) {
            const cost = (one: SeatUsage) => cents(judge({ mode, usage: one, history, due, on: due }));
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
  const start = localDate('2026-01-31');
  const agreement = yearly({ term: { startDate: start, endDate: localDate('2027-01-31'), months: 12 } });
  const history = [firstVersion(agreement)];

  test('are the first days after the quarters, counted from the first day of the term', () => {
    expect(daysOf(history)).toEqual(['2026-04-30', '2026-07-31', '2026-10-31', '2027-01-31']);
    const ends = reconciliationDays(history, start).filter(({ isEnd }) => isEnd);
    expect(ends).toEqual([{ on: '2027-01-31', isEnd: true }]);
  });

  test('are those of the term as it was agreed last, and those on which it went to another account', () => {
    const longer = {
      ...agreement,
      term: { ...agreement.term, endDate: localDate('2027-07-31'), months: 18 },
    };
    const moved = next(next(history, '2026-06-01', longer), '2026-06-15', longer, { accountId: 'other' });
    expect(reconciliationDays(moved, start).filter(({ isEnd }) => isEnd)).toEqual([
      { on: '2026-06-15', isEnd: true },
      { on: '2027-07-31', isEnd: true },
    ]);
    const canceled = next(history, '2026-06-01', { ...agreement, canceledOn: localDate('2026-06-10') });
    expect(daysOf(canceled)).toEqual(['2026-04-30', '2026-06-10']);
  });

  test('an end that was passed by unsettled is made up for, a quarter is not', () => {
    const days = reconciliationDays(history, start);
    const outstanding = (from: string, ...settled: string[]) =>
      outstandingDays(
        days,
        localDate(from),
        settled.map((day) => ({ dueOn: localDate(day) })),
      ).map(({ on }) => on);
    expect(outstanding('2026-10-31')).toEqual(['2026-10-31', '2027-01-31']);
    expect(outstanding('2026-10-31', '2026-10-31')).toEqual(['2027-01-31']);
    expect(outstanding('2027-03-01')).toEqual(['2027-01-31']);
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
