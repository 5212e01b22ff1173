import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { holdsFrom, planOf, suspensionFrom, type VersionCause } from './agreed-subscription.js';

describe('holdsFrom', () => {
  const later = '2026-12-01T00:00:00.000Z';
  test.each<[zone: string, cause: VersionCause, recordedAt: string, holds: string]>([
    ['UTC', 'ORDER', later, '2026-11-24T00:00:00.000Z'],
    // East of Greenwich the day begins earlier …
    ['Pacific/Auckland', 'ORDER', later, '2026-11-23T11:00:00.000Z'],
    ['Asia/Kolkata', 'ORDER', later, '2026-11-23T18:30:00.000Z'],
    // … and west of it 00:00 UTC comes first.
    ['America/Los_Angeles', 'ORDER', later, '2026-11-24T00:00:00.000Z'],
    // What the contract does by itself goes on from what held already.
    ['America/Los_Angeles', 'AUTO_RENEWAL', '2026-11-23T22:00:00.000Z', '2026-11-23T22:00:00.000Z'],
    ['America/Los_Angeles', 'AUTO_RENEWAL', later, '2026-11-24T00:00:00.000Z'],
    ['America/Los_Angeles', 'TRIAL_END', '2026-11-23T22:00:00.000Z', '2026-11-23T22:00:00.000Z'],
    // An order says itself from when it holds, however early it was recorded.
    ['America/Los_Angeles', 'ORDER', '2026-11-01T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    ['Atlantis/Capital', 'ORDER', later, '2026-11-24T00:00:00.000Z'],
  ])('in %s by %s, recorded at %s: %s', (zone, cause, recordedAt, holds) => {
    expect(holdsFrom(localDate('2026-11-24'), zone, cause, new Date(recordedAt)).toISOString()).toBe(holds);
  });
});

test.each([
  ['UTC', '2026-11-24T00:00:00.000Z'],
  ['Pacific/Auckland', '2026-11-23T11:00:00.000Z'],
  // Not at 00:00 UTC: there the day before still lasts.
  ['America/Los_Angeles', '2026-11-24T08:00:00.000Z'],
  ['Atlantis/Capital', '2026-11-24T00:00:00.000Z'],
])('a suspension in %s holds from %s', (zone, holds) => {
  const suspension = suspensionFrom(localDate('2026-11-24'), zone);
  expect(suspension).toEqual({ startsOn: '2026-11-24', holdsFrom: new Date(holds) });
});

test('planOf gives the plan among the items, and nothing when there is none', () => {
  const plan = { productCode: 'PREMIUM', productKind: 'PLAN', quantity: 5, pricePeriod: 'MONTH' } as const;
  const addOn = { productCode: 'STORAGE', productKind: 'ADD_ON', quantity: 1, pricePeriod: 'YEAR' } as const;
  expect(planOf({ items: [addOn, plan] })).toBe(plan);
  expect(planOf({ items: [addOn] })).toBeUndefined();
});
