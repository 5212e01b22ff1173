import { localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgreedSubscription } from '../agreed-subscription.js';
import { computeEntitlements, type EntitlementFacts } from '../entitlements/compute.js';
import type { Product } from '../product.js';
import type { AllowanceReading } from '../usage.js';
import { reported } from './use.js';
import { usedAllowance } from './used-allowance.js';

const featureKey = 'minutes';

function product(code: string, quantity: number | null): Product {
  const feature = { key: featureKey, name: 'Minutes', kind: 'METERED_ALLOWANCE', quantity } as const;
  const features = quantity === null ? [] : [feature];
  return { code, version: 1, name: code, features, recordedAt: new Date(0) };
}

/** 10,000 minutes a month from 1 January up to 10 July and 14 days of grace; 5,000 bought on 1 June. */
const subscription: AgreedSubscription = {
  id: 's',
  version: 2,
  accountId: 'a',
  deploymentId: 'd',
  cause: 'ORDER',
  trial: false,
  startsOn: localDate('2026-01-01'),
  endsOn: localDate('2026-07-10'),
  holdsFrom: new Date('2026-01-01T00:00:00Z'),
  heldSince: null,
  suspension: null,
  items: [{ productCode: 'PREMIUM', productKind: 'PLAN', quantity: 5, pricePeriod: 'MONTH' }],
  boughtOnce: [{ productCode: 'PACK', quantity: 1, from: new Date('2026-06-01T00:00:00Z') }],
  recordedAt: new Date('2026-01-01T00:00:00Z'),
};

/** @param free what the free plan has in a month; null: it has no such allowance */
function factsOf(
  allowances: readonly AllowanceReading[] = [],
  { free = null, packs = false }: { readonly free?: number | null; readonly packs?: boolean } = {},
): EntitlementFacts {
  const products = [product('PREMIUM', 10_000), product('PACK', 5_000), product('FREE', free)];
  return {
    subscriptions: [packs ? subscription : { ...subscription, boughtOnce: [] }],
    products: new Map(products.map((one) => [one.code, one])),
    grants: [],
    usage: { seats: null, features: [], allowances },
  };
}

const after = new Date('2026-08-20T00:00:00Z');

interface Told {
  readonly at: string;
  readonly used: number;
  readonly source?: string;
}

/** Tells of readings one after the other, all of them at `after`; those that are refused are named. */
function tell(told: readonly Told[], shape: Parameters<typeof factsOf>[1] = {}) {
  let readings: AllowanceReading[] = [];
  const refused: string[] = [];
  for (const { at, used, source = 'meter' } of told) {
    const report = { source, measuredAt: new Date(at), used };
    const outcome = reported(usedAllowance(factsOf(readings, shape), featureKey, after), report, after);
    if (!outcome.ok) refused.push(outcome.error.code);
    else readings = put(readings, { ...outcome.value, featureKey });
  }
  return { readings, refused };
}

/** As the store puts it: of a part of a month the highest count stays, and the quota becomes that of the whole month. */
function put(known: readonly AllowanceReading[], reading: AllowanceReading): AllowanceReading[] {
  const isSame = (one: AllowanceReading) =>
    one.source === reading.source && one.from.getTime() === reading.from.getTime();
  const before = known.find(isSame);
  const newest = [before, reading].flatMap((one) => one ?? []).toSorted((a, b) => b.total - a.total)[0];
  return [...known.filter((one) => !isSame(one)), { ...reading, ...newest }].map((one) =>
    one.month === reading.month ? { ...one, quota: reading.quota } : one,
  );
}

describe('a meter that is told of after the plan is gone', () => {
  test('counts in the month in which it was measured, against the quota of then', () => {
    const { readings, refused } = tell([{ at: '2026-06-30T23:00:00Z', used: 13_000 }], { packs: true });
    expect(refused).toEqual([]);
    expect(readings).toMatchObject([{ month: '2026-06-01', total: 13_000, quota: 10_000 }]);
    // Case A6, told of late: of the 13,000 the pack gave 3,000, and keeps 2,000.
    expect(computeEntitlements(factsOf(readings, { packs: true }), after).features).toMatchObject([
      { key: featureKey, quota: 0, allowance: 2_000, used: 0, remaining: 2_000 },
    ]);
  });

  test('leaves the pack whole where the quota of then was enough, though the plan of now has less', () => {
    const { readings } = tell([{ at: '2026-06-30T23:00:00Z', used: 9_000 }], { free: 400, packs: true });
    expect(readings).toMatchObject([{ quota: 10_000 }]);
    const [minutes] = computeEntitlements(factsOf(readings, { free: 400, packs: true }), after).features;
    expect(minutes).toMatchObject({ quota: 400, remaining: 5_400 });
  });

  test.each<[why: string, at: string, code: string | null]>([
    ['on its last day', '2026-07-09T23:59:59Z', null],
    ['in the days of grace', '2026-07-23T23:59:59Z', null],
    ['after them', '2026-07-24T00:00:00Z', 'FEATURE_NOT_FOUND'],
    ['90 days ago', '2026-05-22T00:00:00Z', null],
    ['longer ago', '2026-05-21T23:59:59Z', 'INVALID_VALUE'],
    ['ahead', '2026-08-20T00:00:01Z', 'INVALID_VALUE'],
    ['in a year that no calendar has', '+200000-01-01T00:00:00Z', 'INVALID_VALUE'],
  ])('is accepted when it was measured %s', (_why, at, code) => {
    expect(tell([{ at, used: 5 }]).refused).toEqual(code === null ? [] : [code]);
  });

  test('before all that is known of its subscriptions it counts against the present quota, if there is one', () => {
    const at = new Date('2026-02-01T00:00:00Z');
    const told = { source: 'meter', measuredAt: new Date('2025-12-31T00:00:00Z'), used: 1 };
    expect(reported(usedAllowance(factsOf(), featureKey, at), told, at)).toMatchObject({
      ok: true,
      value: { quota: 10_000 },
    });
    const ended = factsOf().subscriptions.map((one) => ({ ...one, endsOn: localDate('2026-01-10') }));
    const gone = { ...factsOf(), subscriptions: ended };
    expect(reported(usedAllowance(gone, featureKey, at), told, at)).toMatchObject({
      ok: false,
      error: { code: 'FEATURE_NOT_FOUND', field: ['featureKey'] },
    });
  });

  test('after a plan without any, while packs are there, it is used of these alone', () => {
    const { readings } = tell([{ at: '2026-07-30T00:00:00Z', used: 100 }], { packs: true });
    expect(readings).toMatchObject([{ quota: 0 }]);
    const [minutes] = computeEntitlements(factsOf(readings, { packs: true }), after).features;
    expect(minutes).toMatchObject({ remaining: 4_900 });
  });
});

test('no order of reports across the end of a plan makes a difference, nor does any repetition', () => {
  const instants = [
    '2026-06-05',
    '2026-06-28',
    '2026-07-01',
    '2026-07-08',
    '2026-07-23',
    '2026-07-30',
    '2026-08-02',
  ];
  // A meter counts on within its month.
  const told = ['runners', 'builders'].flatMap((source) =>
    instants.map((day, index) => ({ at: `${day}T12:00:00Z`, used: (index + 1) * 1_500, source })),
  );
  const some = fc
    .subarray(told, { minLength: 1 })
    .chain((chosen) =>
      fc.tuple(
        fc.constant(chosen),
        fc.shuffledSubarray([...chosen, ...chosen], { minLength: chosen.length * 2 }),
      ),
    );
  const shape = { free: 400, packs: true };
  const standing = (readings: readonly AllowanceReading[]) =>
    computeEntitlements(factsOf(readings, shape), after).features;
  fc.assert(
    fc.property(some, ([chosen, anyhow]) => {
      const one = tell(
        chosen.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
        shape,
      );
      const other = tell(anyhow, shape);
      expect([one.refused, other.refused]).toEqual([[], []]);
      expect(standing(other.readings)).toEqual(standing(one.readings));
    }),
  );
});
