import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { suspensionFrom, utcMidnight, type AgreedSubscription } from '../agreed-subscription.js';
import { computeEntitlements, type EntitlementFacts } from './compute.js';
import { holdsUntil } from './holds-until.js';

const plan = {
  productCode: 'PREMIUM',
  productKind: 'PLAN',
  quantity: 10,
  pricePeriod: 'YEAR',
} as const;

function agreed(more: Partial<AgreedSubscription> = {}): AgreedSubscription {
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
    items: [plan],
    boughtOnce: [],
    recordedAt: utcMidnight(startsOn),
    ...more,
  };
}

function facts(subscriptions: AgreedSubscription[], metered = false): EntitlementFacts {
  const minutes = { key: 'minutes', name: 'Minutes', kind: 'METERED_ALLOWANCE', quantity: 400 } as const;
  const products = new Map([
    [
      'PREMIUM',
      {
        code: 'PREMIUM',
        version: 1,
        name: 'Premium',
        features: metered ? [minutes] : [],
        recordedAt: new Date('2026-01-01T00:00:00Z'),
      },
    ],
  ]);
  const month = localDate('2026-01-01');
  const from = utcMidnight(month);
  const reading = { source: 'runners', month, from, measuredAt: from, total: 50, quota: null };
  const allowances = [{ featureKey: 'minutes', ...reading }];
  return { subscriptions, products, grants: [], usage: { seats: null, features: [], allowances } };
}

test.each([
  ['before it begins: its first day', agreed(), false, '2025-12-31T12:00:00Z', '2026-01-01T00:00:00.000Z'],
  ['while it holds: its end', agreed(), false, '2026-06-15T12:00:00Z', '2027-01-01T00:00:00.000Z'],
  ['in grace: the end of grace', agreed(), false, '2027-01-01T00:00:00Z', '2027-01-15T00:00:00.000Z'],
  ['allowances: the first of the month', agreed(), true, '2026-06-15T12:00:00Z', '2026-07-01T00:00:00.000Z'],
  [
    'to be suspended: the midnight of the account',
    agreed({ suspension: suspensionFrom(localDate('2026-06-16'), 'America/New_York') }),
    false,
    '2026-06-15T12:00:00Z',
    '2026-06-16T04:00:00.000Z',
  ],
])('%s', (_why, subscription, metered, at, expected) => {
  expect(holdsUntil(facts([subscription], metered), new Date(at))?.toISOString()).toBe(expected);
});

test('nothing ahead: for ever', () => {
  expect(holdsUntil(facts([]), new Date('2026-06-15T12:00:00Z'))).toBeNull();
  expect(holdsUntil(facts([agreed()]), new Date('2028-01-01T00:00:00Z'))).toBeNull();
});

test('until then nothing changes, whatever was agreed', () => {
  const day = fc.integer({ min: 0, max: 900 }).map((days) => addDays(localDate('2026-01-01'), days));
  const subscription = fc
    .record({ startsOn: day, length: fc.integer({ min: 0, max: 400 }), suspendedOn: fc.option(day) })
    .map(({ startsOn, length, suspendedOn }) =>
      agreed({
        startsOn,
        endsOn: addDays(startsOn, length),
        holdsFrom: utcMidnight(startsOn),
        suspension: suspendedOn === null ? null : suspensionFrom(suspendedOn, 'Pacific/Auckland'),
      }),
    );
  const instant = fc.date({
    min: new Date('2025-12-01'),
    max: new Date('2028-12-01'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(
      fc.array(subscription, { maxLength: 3 }),
      fc.boolean(),
      instant,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (subscriptions, metered, at, part) => {
        const all = facts(
          subscriptions.map((one, index) => ({ ...one, id: String(index) })),
          metered,
        );
        const end = holdsUntil(all, at)?.getTime() ?? at.getTime() + 400 * 86_400_000;
        const later = new Date(at.getTime() + Math.floor((end - at.getTime()) * part));
        expect(computeEntitlements(all, later)).toEqual(computeEntitlements(all, at));
      },
    ),
  );
});
