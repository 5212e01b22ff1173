import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priceList } from '../../catalog/price-list.js';
import { offersFor, type SeatUsage } from './offers.js';

function offers(
  deploymentKind: DeploymentKind,
  planCode: string,
  seats: SeatUsage = { purchased: 10, used: 1 },
) {
  const today = localDate('2026-11-23');
  return offersFor({ deploymentKind, planCode, seats, products: priceList.products, currency: 'USD', today });
}

test.each<[DeploymentKind, string, string[]]>([
  ['SAAS_NAMESPACE', 'FREE', ['PREMIUM', 'ULTIMATE']],
  ['SELF_MANAGED_INSTANCE', 'PREMIUM', ['ULTIMATE']],
  ['SAAS_NAMESPACE', 'ULTIMATE', []],
  ['DEDICATED_TENANT', 'FREE', ['DEDICATED']],
  ['DEDICATED_TENANT', 'DEDICATED', []],
  ['SAAS_NAMESPACE', 'A_PLAN_OF_THE_PAST', []],
  ['SAAS_NAMESPACE', 'AI_ADD_ON', []],
])('%s on %s is offered %j', (kind, planCode, codes) => {
  expect(offers(kind, planCode).map(({ product }) => product.code)).toEqual(codes);
});

test.each([
  [0, 5, 'NEXT_PLAN'],
  [10, 8, 'NEXT_PLAN'],
  [10, 9, 'SEATS_NEARLY_FULL'],
  [1_000, 800, 'NEXT_PLAN'],
  [1_000, 801, 'SEATS_NEARLY_FULL'],
  [10, 12, 'SEATS_NEARLY_FULL'],
])('of %i seats %i are used: %s', (purchased, used, reason) => {
  expect(offers('SAAS_NAMESPACE', 'PREMIUM', { purchased, used })[0]?.reason).toBe(reason);
});

test('what is unlocked is what the present plan lacks', () => {
  const plans = priceList.products.filter(({ kind }) => kind === 'PLAN');
  fc.assert(
    fc.property(fc.constantFrom(...plans), (plan) => {
      const had = new Set(plan.features.map(({ key }) => key));
      for (const { unlocks } of offers('SAAS_NAMESPACE', plan.code)) {
        expect(unlocks.length).toBeGreaterThan(0);
        expect(unlocks.filter(({ key }) => had.has(key))).toEqual([]);
      }
    }),
  );
});
