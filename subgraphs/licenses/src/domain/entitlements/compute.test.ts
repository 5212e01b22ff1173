import { localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  suspensionFrom,
  utcMidnight,
  type AgreedItem,
  type AgreedSubscription,
} from '../agreed-subscription.js';
import type { Product, ProductFeature } from '../product.js';
import type { Usage } from '../usage.js';
import { computeEntitlements, type EntitlementFacts } from './compute.js';

const noUsage: Usage = { seats: null, features: [] };

const premium = item('PREMIUM', 'PLAN', 10);

const products = catalog(
  product('FREE', [feature('issues', 'ON_OFF', null), feature('storage', 'LIMIT', 5)]),
  product('PREMIUM', [
    feature('issues', 'ON_OFF', null),
    feature('epics', 'ON_OFF', null),
    feature('storage', 'LIMIT', 10),
    feature('compute_minutes', 'METERED_ALLOWANCE', 10_000),
  ]),
  product('AI', [feature('code_suggestions', 'ON_OFF', null)]),
  product('STORAGE', [feature('storage', 'LIMIT', 10)]),
  product('MINUTES', [feature('compute_minutes', 'METERED_ALLOWANCE', 1_000)]),
  product('ODD', [feature('storage', 'ON_OFF', null)]),
);

function item(
  productCode: string,
  productKind: AgreedItem['productKind'],
  quantity: number,
  pricePeriod: AgreedItem['pricePeriod'] = 'YEAR',
): AgreedItem {
  return { productCode, productKind, quantity, pricePeriod };
}

function feature(key: string, kind: ProductFeature['kind'], quantity: number | null): ProductFeature {
  return { key, name: `The ${key}`, kind, quantity };
}

function product(code: string, features: ProductFeature[]): Product {
  return { code, version: 1, name: code, features };
}

function catalog(...all: Product[]): ReadonlyMap<string, Product> {
  return new Map(all.map((one) => [one.code, one]));
}

function agreed(items: AgreedItem[], more: Partial<AgreedSubscription> = {}): AgreedSubscription {
  const startsOn = localDate('2026-01-01');
  return {
    id: 'subscription',
    version: 1,
    accountId: 'account',
    deploymentId: 'deployment',
    cause: 'ORDER',
    trial: false,
    startsOn,
    endsOn: localDate('2027-01-01'),
    holdsFrom: utcMidnight(startsOn),
    suspension: null,
    items,
    ...more,
  };
}

function facts(items: AgreedItem[] | null, more: Partial<EntitlementFacts> = {}): EntitlementFacts {
  return { subscriptions: items === null ? [] : [agreed(items)], products, usage: noUsage, ...more };
}

const at = new Date('2026-06-15T12:00:00Z');

describe('computeEntitlements', () => {
  test('without a subscription: the free plan', () => {
    expect(computeEntitlements(facts(null), at)).toEqual({
      subscriptionId: null,
      planCode: 'FREE',
      validFrom: null,
      validUntil: null,
      trial: false,
      inGracePeriod: false,
      suspendedOn: null,
      seats: { purchased: 0, used: 0, maximum: 0, overage: 0, reportedAt: null },
      features: [
        { key: 'issues', name: 'The issues', source: 'FREE', kind: 'ON_OFF', enabled: true },
        { key: 'storage', name: 'The storage', source: 'FREE', kind: 'LIMIT', limit: 5, used: 0 },
      ],
      addOns: [],
    });
  });

  test('plan and add-ons together, features by key', () => {
    const items = [
      item('STORAGE', 'ADD_ON', 2),
      item('MINUTES', 'ADD_ON', 5, 'ONE_TIME'),
      premium,
      item('AI', 'ADD_ON', 10),
    ];
    const usage: Usage = {
      seats: { used: 9, maximum: 12, maximumSince: localDate('2026-01-01'), reportedAt: at },
      features: [
        { featureKey: 'storage', used: 7, monthStart: localDate('2026-02-01'), packsUsedBefore: 0 },
        {
          featureKey: 'compute_minutes',
          used: 400,
          monthStart: localDate('2026-06-01'),
          packsUsedBefore: 500,
        },
        { featureKey: 'unheard_of', used: 1, monthStart: localDate('2026-06-01'), packsUsedBefore: 0 },
      ],
    };
    const entitlements = computeEntitlements(facts(items, { usage }), at);
    expect(entitlements).toMatchObject({
      subscriptionId: 'subscription',
      planCode: 'PREMIUM',
      validFrom: '2026-01-01',
      validUntil: '2027-01-01',
      seats: { purchased: 10, used: 9, maximum: 12, overage: 2 },
      addOns: [
        { productCode: 'AI', quantity: 10 },
        { productCode: 'MINUTES', quantity: 5 },
        { productCode: 'STORAGE', quantity: 2 },
      ],
    });
    expect(entitlements.features).toEqual([
      expect.objectContaining({ key: 'code_suggestions', source: 'AI', enabled: true }),
      expect.objectContaining({
        key: 'compute_minutes',
        source: 'PREMIUM',
        allowance: 14_500,
        used: 400,
        remaining: 14_100,
      }),
      expect.objectContaining({ key: 'epics', source: 'PREMIUM', enabled: true }),
      expect.objectContaining({ key: 'issues', source: 'PREMIUM', enabled: true }),
      expect.objectContaining({ key: 'storage', source: 'PREMIUM', limit: 30, used: 7 }),
    ]);
  });

  test('a plan counts once, whatever its seats', () => {
    const storage = computeEntitlements(facts([premium]), at).features.find(({ key }) => key === 'storage');
    expect(storage).toMatchObject({ limit: 10 });
  });

  test('the same add-on agreed twice is one', () => {
    const entitlements = computeEntitlements(
      facts([premium, item('STORAGE', 'ADD_ON', 2), item('STORAGE', 'ADD_ON', 1)]),
      at,
    );
    expect(entitlements.addOns).toEqual([{ productCode: 'STORAGE', name: 'STORAGE', quantity: 3 }]);
    expect(entitlements.features.at(-1)).toMatchObject({ key: 'storage', limit: 40 });
  });

  test.each([
    ['2026-12-31T23:59:59.999Z', { planCode: 'PREMIUM', inGracePeriod: false, validUntil: '2027-01-01' }],
    ['2027-01-01T00:00:00.000Z', { planCode: 'PREMIUM', inGracePeriod: true, validUntil: '2027-01-01' }],
    [
      '2027-01-14T23:59:59.999Z',
      { planCode: 'PREMIUM', inGracePeriod: true, subscriptionId: 'subscription' },
    ],
    [
      '2027-01-15T00:00:00.000Z',
      { planCode: 'FREE', inGracePeriod: false, validUntil: null, subscriptionId: null },
    ],
  ])('at %s', (instant, expected) => {
    expect(computeEntitlements(facts([premium]), new Date(instant))).toMatchObject(expected);
  });

  test('a trial says so', () => {
    const subscriptions = [agreed([premium], { trial: true })];
    expect(computeEntitlements(facts(null, { subscriptions }), at)).toMatchObject({
      trial: true,
      planCode: 'PREMIUM',
    });
  });

  test('suspended: the free plan at once, and all of it back when it is resumed', () => {
    const items = [premium, item('STORAGE', 'ADD_ON', 2)];
    const suspension = suspensionFrom(localDate('2026-06-15'), 'UTC');
    const subscriptions = [agreed(items, { suspension })];
    const seats = { used: 9, maximum: 12, maximumSince: localDate('2026-01-01'), reportedAt: at };
    const usage: Usage = { seats, features: [] };
    const free = computeEntitlements(facts(null, { usage }), at);
    expect(computeEntitlements(facts(null, { subscriptions, usage }), at)).toEqual({
      ...free,
      subscriptionId: 'subscription',
      suspendedOn: '2026-06-15',
    });
    const before = computeEntitlements(facts(items, { usage }), at);
    expect(before).toMatchObject({ planCode: 'PREMIUM', suspendedOn: null });
    const resumed = [agreed(items, { version: 3 })];
    expect(computeEntitlements(facts(null, { subscriptions: resumed, usage }), at)).toEqual(before);
  });

  test('a product that has not arrived counts with its code alone', () => {
    const items = [item('ULTIMATE', 'PLAN', 3), item('AI', 'ADD_ON', 3), item('NEWEST', 'ADD_ON', 1)];
    expect(computeEntitlements(facts(items), at)).toMatchObject({
      planCode: 'ULTIMATE',
      seats: { purchased: 3 },
      features: [{ key: 'code_suggestions' }],
      addOns: [{ productCode: 'AI' }, { productCode: 'NEWEST', name: 'NEWEST' }],
    });
    expect(computeEntitlements(facts(null, { products: catalog() }), at).features).toEqual([]);
  });

  test('where products disagree about the kind of a feature, the plan’s word holds', () => {
    const { features } = computeEntitlements(facts([item('ODD', 'ADD_ON', 1), premium]), at);
    expect(features.find(({ key }) => key === 'storage')).toMatchObject({ kind: 'LIMIT', limit: 10 });
  });

  test('a subscription without a plan gives its add-ons on the free plan', () => {
    expect(computeEntitlements(facts([item('AI', 'ADD_ON', 4)]), at)).toMatchObject({
      planCode: 'FREE',
      subscriptionId: 'subscription',
      seats: { purchased: 0 },
    });
  });

  test('another add-on never takes a feature away nor lowers one', () => {
    const addOns = fc.array(
      fc.record({
        productCode: fc.constantFrom('AI', 'STORAGE', 'MINUTES', 'ODD', 'UNKNOWN'),
        productKind: fc.constant('ADD_ON' as const),
        quantity: fc.integer({ min: 1, max: 1_000 }),
        pricePeriod: fc.constantFrom('MONTH' as const, 'YEAR' as const, 'ONE_TIME' as const),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(addOns, fc.nat(50_000), fc.nat(10_000), (items, used, packsUsedBefore) => {
        const features = [
          { featureKey: 'compute_minutes', used, packsUsedBefore, monthStart: localDate('2026-05-01') },
        ];
        const usage = { seats: null, features };
        const before = computeEntitlements(facts([premium, ...items.slice(1)], { usage }), at).features;
        const after = new Map(
          computeEntitlements(facts([premium, ...items], { usage }), at).features.map((one) => [
            one.key,
            one,
          ]),
        );
        for (const one of before) {
          const same = after.get(one.key);
          expect(same?.kind).toBe(one.kind);
          expect(amountOf(same)).toBeGreaterThanOrEqual(amountOf(one));
        }
      }),
    );
  });
});

function amountOf(one: ReturnType<typeof computeEntitlements>['features'][number] | undefined): number {
  switch (one?.kind) {
    case undefined:
      return -1;
    case 'ON_OFF':
      return Number(one.enabled);
    case 'LIMIT':
      return one.limit ?? Infinity;
    case 'METERED_ALLOWANCE':
      return one.remaining;
  }
}
