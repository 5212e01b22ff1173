import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { beforeAll, expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import { licenseId } from '../src/domain/license.js';
import {
  addOnItem,
  changed,
  deliverProducts,
  deliverSubscription,
  newSubscription,
  now,
  ordered,
  planItem,
} from './facts.js';

const clocks = new Map<string, Date>();
const service = await startServiceHarness(licensesDefinition, {
  clock: { now: async (accountId) => clocks.get(accountId ?? '') ?? now },
});
beforeAll(() => deliverProducts(service));

interface Answer {
  deployment: {
    entitlements: Record<string, unknown>;
    licenses: Record<string, unknown>[];
  };
}

async function ask({ deployment }: BillingSubscriptionPayload): Promise<Answer['deployment']> {
  const document = `query ($id: ID!) { deployment(id: $id) {
    entitlements { planCode validFrom validUntil inGracePeriod suspendedOn trial subscription { id }
      seats { purchased } features { key } addOns { productCode } }
    licenses { id planCode seats startsOn endsOn cause replacedBy { id } } } }`;
  const answer = await service.query<Answer>(internalViewer(), document, { id: deployment.id });
  expect(answer.errors).toEqual([]);
  if (!answer.data) throw new Error('No answer');
  return answer.data.deployment;
}

const items = [planItem('PREMIUM', 10), addOnItem('STORAGE', 2)];

test('suspended: the free plan at once and a license that says so; resumed: everything back', async () => {
  const subscription = newSubscription({ items });
  await deliverSubscription(service, subscription);
  const before = await ask(subscription);
  expect(before.entitlements).toMatchObject({ planCode: 'PREMIUM', suspendedOn: null });

  const suspended = ordered(subscription, 2, { suspendedOn: '2026-06-15' });
  await deliverSubscription(service, suspended, 2);
  const during = await ask(subscription);
  expect(during.entitlements).toEqual({
    planCode: 'FREE',
    validFrom: null,
    validUntil: null,
    inGracePeriod: false,
    suspendedOn: '2026-06-15',
    trial: false,
    subscription: { id: subscription.id },
    seats: { purchased: 0 },
    features: [{ key: 'issues' }],
    addOns: [],
  });
  const [first, second, third] = [1, 2, 3].map((version) => licenseId(subscription.id, version));
  const license = { planCode: 'PREMIUM', seats: 10, startsOn: '2026-01-01', endsOn: '2027-01-01' };
  const created = { ...license, id: first, cause: 'SUBSCRIPTION_CREATED', replacedBy: { id: second } };
  const proof = {
    id: second,
    planCode: 'FREE',
    seats: 0,
    startsOn: '2026-06-15',
    endsOn: '2027-01-01',
    cause: 'SUBSCRIPTION_SUSPENDED',
  };
  expect(during.licenses).toEqual([{ ...proof, replacedBy: null }, created]);

  await deliverSubscription(service, ordered(suspended, 3, { suspendedOn: null }), 3);
  const after = await ask(subscription);
  expect(after.entitlements).toEqual(before.entitlements);
  expect(after.licenses).toEqual([
    { ...license, id: third, cause: 'SUBSCRIPTION_CHANGED', replacedBy: null },
    { ...proof, replacedBy: { id: third } },
    created,
  ]);
});

test('it holds from the account’s own midnight, and what lapses suspended has no grace', async () => {
  const dunned = newSubscription({ suspendedOn: '2026-06-20' }, { billingTimeZone: 'America/New_York' });
  await deliverSubscription(service, { ...dunned, cause: 'DUNNING' });
  const at = async (instant: string) => {
    clocks.set(dunned.accountId, new Date(instant));
    return (await ask(dunned)).entitlements;
  };
  expect(await at('2026-06-20T03:59:59.999Z')).toMatchObject({ planCode: 'PREMIUM', suspendedOn: null });
  expect(await at('2026-06-20T04:00:00.000Z')).toMatchObject({
    planCode: 'FREE',
    suspendedOn: '2026-06-20',
  });
  expect(await at('2027-01-01T00:00:00.000Z')).toMatchObject({
    planCode: 'FREE',
    suspendedOn: null,
    inGracePeriod: false,
    subscription: null,
  });
});

test('an earlier subscription in grace gives nothing while the present one is suspended', async () => {
  const former = newSubscription({
    term: { startDate: '2025-06-10', endDate: '2026-06-10', months: 12 },
  });
  await deliverSubscription(service, former);
  expect((await ask(former)).entitlements).toMatchObject({ planCode: 'PREMIUM', inGracePeriod: true });
  const { accountId, deployment } = former;
  const present = newSubscription({ suspendedOn: '2026-06-12' }, { accountId, deployment });
  await deliverSubscription(service, present);
  expect((await ask(former)).entitlements).toMatchObject({
    planCode: 'FREE',
    inGracePeriod: false,
    suspendedOn: '2026-06-12',
  });
});

test('canceled while suspended, it stays on the free plan to the end', async () => {
  const subscription = newSubscription({ suspendedOn: '2026-06-01' });
  await deliverSubscription(service, subscription);
  await deliverSubscription(service, changed(subscription, { canceledOn: '2026-07-01' }), 2);
  const { entitlements, licenses } = await ask(subscription);
  expect(entitlements).toMatchObject({ planCode: 'FREE', suspendedOn: '2026-06-01' });
  expect(licenses[0]).toMatchObject({ planCode: 'FREE', startsOn: '2026-06-01', endsOn: '2026-07-01' });
});
