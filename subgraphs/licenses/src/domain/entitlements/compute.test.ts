import { localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  suspensionFrom,
  utcMidnight,
  type AgreedItem,
  type AgreedSubscription,
} from '../agreed-subscription.js';
import { monthStart, utcStart } from '../allowance/ledger.js';
import type { Product, ProductFeature } from '../product.js';
import type { AllowanceReading, Usage } from '../usage.js';
import { computeEntitlements, type EntitlementFacts } from './compute.js';
import type { ExplainedSource } from './features/feature-kind.js';
import type { EntitlementGrant } from './grant.js';

const noUsage: Usage = { seats: null, features: [], allowances: [] };

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
  return { code, version: 1, name: code, features, recordedAt: new Date('2026-01-01T00:00:00Z') };
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
    heldSince: null,
    suspension: null,
    items,
    boughtOnce: items
      .filter(({ pricePeriod }) => pricePeriod === 'ONE_TIME')
      .map(({ productCode, quantity }) => ({ productCode, quantity, from: utcMidnight(startsOn) })),
    recordedAt: utcMidnight(startsOn),
    ...more,
  };
}

function facts(items: AgreedItem[] | null, more: Partial<EntitlementFacts> = {}): EntitlementFacts {
  const subscriptions = items === null ? [] : [agreed(items)];
  return { subscriptions, products, grants: [], usage: noUsage, ...more };
}

/** The reading of a meter at noon of a day. */
function reading(day: string, total: number, quota: number | null = null): AllowanceReading {
  const measuredAt = new Date(`${day}T12:00:00Z`);
  const month = monthStart(measuredAt);
  return {
    featureKey: 'compute_minutes',
    source: 'runners',
    month,
    from: utcStart(month),
    measuredAt,
    total,
    quota,
  };
}

function granted(featureKey: string, more: Partial<EntitlementGrant> = {}): EntitlementGrant {
  return {
    id: 'grant',
    subject: { kind: 'DEPLOYMENT', deploymentId: 'deployment' },
    mode: 'ADDS',
    featureKey,
    featureName: `The ${featureKey}`,
    featureKind: 'ON_OFF',
    enabled: true,
    quantity: null,
    priority: 100,
    rolloverCap: null,
    from: new Date('2026-06-01T00:00:00Z'),
    until: new Date('2026-07-01T00:00:00Z'),
    reason: 'Goodwill after an outage',
    grantedBy: 'ada',
    grantedAt: new Date('2026-06-01T00:00:00Z'),
    revocation: null,
    ...more,
  };
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
        {
          key: 'issues',
          name: 'The issues',
          source: 'FREE',
          kind: 'ON_OFF',
          enabled: true,
          sources: [freeSource(null)],
        },
        {
          key: 'storage',
          name: 'The storage',
          source: 'FREE',
          kind: 'LIMIT',
          limit: 5,
          used: 0,
          observedAt: null,
          sources: [freeSource(5)],
        },
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
        { featureKey: 'storage', used: 7, observedAt: at },
        { featureKey: 'unheard_of', used: 1, observedAt: at },
      ],
      allowances: [reading('2026-05-20', 10_500, 10_000), reading('2026-06-14', 400)],
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
      expect.objectContaining({ key: 'storage', source: 'PREMIUM', limit: 30, used: 7, observedAt: at }),
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
    expect(entitlements.addOns).toMatchObject([{ productCode: 'STORAGE', name: 'STORAGE', quantity: 3 }]);
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
    const usage: Usage = { ...noUsage, seats };
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
      fc
        .record({
          productCode: fc.constantFrom('AI', 'STORAGE', 'MINUTES', 'ODD', 'UNKNOWN'),
          quantity: fc.integer({ min: 1, max: 1_000 }),
          pricePeriod: fc.constantFrom('MONTH' as const, 'YEAR' as const),
        })
        .map(({ productCode, quantity, pricePeriod }) =>
          item(productCode, 'ADD_ON', quantity, productCode === 'MINUTES' ? 'ONE_TIME' : pricePeriod),
        ),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(addOns, fc.nat(50_000), fc.nat(50_000), (items, may, june) => {
        const usage = { ...noUsage, allowances: [reading('2026-05-31', may), reading('2026-06-14', june)] };
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

/** What the free plan brings. */
function freeSource(quantity: number | null): ExplainedSource {
  const since = { from: null, until: null };
  return {
    kind: 'PLAN',
    code: 'FREE',
    name: 'FREE',
    ...since,
    quantity,
    left: null,
    applies: true,
    reason: null,
  };
}

describe('what persons gave', () => {
  const featureOf = (key: string, grants: EntitlementGrant[], instant = at) =>
    computeEntitlements(facts([premium], { grants }), instant).features.find((one) => one.key === key);

  test('unlocks what nothing else does, while it holds', () => {
    const grants = [granted('audit_log')];
    expect(featureOf('audit_log', grants)).toMatchObject({
      enabled: true,
      source: 'GRANT',
      name: 'The audit_log',
    });
    expect(featureOf('audit_log', grants, new Date('2026-06-30T23:59:59.999Z'))).toMatchObject({
      enabled: true,
    });
    expect(featureOf('audit_log', grants, new Date('2026-07-01T00:00:00Z'))).toBeUndefined();
    const revocation = { at, by: 'ada', reason: 'By mistake' };
    expect(featureOf('audit_log', [granted('audit_log', { revocation })])).toBeUndefined();
    expect(
      featureOf('audit_log', [granted('audit_log', { revocation })], new Date(at.getTime() - 1)),
    ).toBeDefined();
  });

  test('comes on top of a limit; an override replaces it, and the deployment’s own comes before the account’s', () => {
    const adds = granted('storage', { featureKind: 'LIMIT', quantity: 5 });
    expect(featureOf('storage', [adds])).toMatchObject({ limit: 15, source: 'PREMIUM' });
    const override = granted('storage', { id: 'o1', mode: 'REPLACES', featureKind: 'LIMIT', quantity: 3 });
    const ofAccount: EntitlementGrant = {
      ...override,
      id: 'o2',
      subject: { kind: 'ACCOUNT', accountId: 'account' },
      quantity: 99,
      grantedAt: new Date('2026-06-02T00:00:00Z'),
    };
    const feature = featureOf('storage', [ofAccount, adds, override]);
    expect(feature).toMatchObject({ limit: 3, source: 'PREMIUM' });
    expect(feature?.sources.map(({ kind, code, applies }) => [kind, code, applies])).toEqual([
      ['OVERRIDE', 'o1', true],
      ['OVERRIDE', 'o2', false],
      ['PLAN', 'PREMIUM', false],
      ['GRANT', 'grant', false],
    ]);
    const newer = { ...override, id: 'o3', quantity: null, grantedAt: new Date('2026-06-03T00:00:00Z') };
    expect(featureOf('storage', [override, newer])).toMatchObject({ limit: null });
  });

  test('an override turns a feature off, and is gone with its end', () => {
    const grants = [granted('epics', { mode: 'REPLACES', enabled: false })];
    expect(featureOf('epics', grants)).toMatchObject({ enabled: false, source: 'PREMIUM' });
    expect(featureOf('epics', grants, new Date('2026-07-01T00:00:00Z'))).toMatchObject({ enabled: true });
  });

  test('an allowance: a grant is used up once, an override is a month’s quota', () => {
    const kind = { featureKind: 'METERED_ALLOWANCE' } as const;
    const adds = granted('compute_minutes', { ...kind, quantity: 2_000, until: null });
    const usage = { ...noUsage, allowances: [reading('2026-06-10', 10_500)] };
    const of = (grants: EntitlementGrant[], instant = at) =>
      computeEntitlements(facts([premium], { grants, usage }), instant).features.find(
        ({ key }) => key === 'compute_minutes',
      );
    expect(of([adds])).toMatchObject({ allowance: 12_000, used: 10_500, remaining: 1_500 });
    expect(of([adds])?.sources).toMatchObject([
      { kind: 'PLAN', quantity: 10_000, left: null },
      { kind: 'GRANT', quantity: 2_000, left: 1_500, reason: 'Goodwill after an outage' },
    ]);
    expect(of([adds], new Date('2026-07-15T00:00:00Z'))).toMatchObject({ allowance: 11_500 });
    const override = granted('compute_minutes', { ...kind, id: 'o', mode: 'REPLACES', quantity: 20_000 });
    expect(of([adds, override])).toMatchObject({ quota: 20_000, remaining: 11_500 });
  });

  test('what was used of an allowance that has ended is not used again', () => {
    const grants = [
      granted('compute_minutes', {
        featureKind: 'METERED_ALLOWANCE',
        quantity: 2_000,
        until: new Date('2026-06-12T00:00:00Z'),
      }),
    ];
    const usage = { ...noUsage, allowances: [reading('2026-06-10', 1_500)] };
    const { features } = computeEntitlements(facts([premium], { grants, usage }), at);
    expect(features.find(({ key }) => key === 'compute_minutes')).toMatchObject({
      used: 1_500,
      remaining: 10_000,
      sources: [{ kind: 'PLAN' }],
    });
  });

  test('a trial’s plan is called a trial', () => {
    const subscriptions = [agreed([premium], { trial: true })];
    const { features } = computeEntitlements(facts(null, { subscriptions }), at);
    expect(features[0]?.sources).toMatchObject([
      { kind: 'TRIAL', code: 'PREMIUM', until: new Date('2027-01-01') },
    ]);
  });
});

describe('packs', () => {
  const minutes = (subscription: AgreedSubscription, instant: string) =>
    computeEntitlements(facts(null, { subscriptions: [subscription] }), new Date(instant)).features.find(
      ({ key }) => key === 'compute_minutes',
    );
  const boughtOnce = [{ productCode: 'MINUTES', quantity: 5, from: new Date('2025-04-01T00:00:00Z') }];

  test('outlive the term in which they were bought, and the subscription', () => {
    const renewed = agreed([premium], { boughtOnce });
    expect(minutes(renewed, '2026-06-15T12:00:00Z')).toMatchObject({ allowance: 15_000 });
    expect(minutes(renewed, '2027-06-15T12:00:00Z')).toMatchObject({ allowance: 5_000, source: 'MINUTES' });
  });

  test('are out of use while the subscription is suspended', () => {
    const suspension = suspensionFrom(localDate('2026-06-01'), 'UTC');
    expect(minutes(agreed([premium], { boughtOnce, suspension }), '2026-06-15T12:00:00Z')).toBeUndefined();
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
