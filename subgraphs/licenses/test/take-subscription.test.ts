import { randomUUID } from 'node:crypto';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { licensesDefinition } from '../src/definition.js';
import { licenseId } from '../src/domain/license.js';
import { changed, deliverSubscription, newDeployment, newSubscription, now, planItem } from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });

interface LicenseFacts {
  id: string;
  seats: number;
  cause: string;
  ends_on: string;
  replaced_by_id: string | null;
}

async function licensesOf(subscription: BillingSubscriptionPayload): Promise<LicenseFacts[]> {
  return service.rows<LicenseFacts>(
    `SELECT id, seats, cause, ends_on::text, replaced_by_id FROM license WHERE subscription_id = $1
     ORDER BY subscription_version`,
    [subscription.id],
  );
}

async function stepsOf(orderId: string | null): Promise<unknown[]> {
  const steps = (await service.promised('licenses.fulfillment-step')).map(({ payload }) => payload);
  return steps.filter((step) => (step as { orderId: string }).orderId === orderId);
}

async function announced(deploymentId: string): Promise<unknown[]> {
  const events = await service.promised('licenses.deployment');
  return events
    .filter(({ aggregateId }) => aggregateId === deploymentId)
    .map(({ sequence, payload }) => [sequence, payload]);
}

test('a first version registers the deployment, issues a license and tells the order', async () => {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription);

  const { deployment, accountId, orderId, id: subscriptionId } = subscription;
  expect(await announced(deployment.id)).toEqual([[1, { ...deployment, accountId }]]);
  expect(await licensesOf(subscription)).toEqual([
    {
      id: licenseId(subscription.id, 1),
      seats: 10,
      cause: 'SUBSCRIPTION_CREATED',
      ends_on: '2027-01-01',
      replaced_by_id: null,
    },
  ]);
  const at = now.toISOString();
  expect(await stepsOf(orderId)).toEqual([
    { orderId, subscriptionId, kind: 'ENTITLEMENTS_GRANTED', status: 'DONE', at, reason: null },
    { orderId, subscriptionId, kind: 'LICENSE_ISSUED', status: 'DONE', at, reason: null },
  ]);
  const [kept] = await service.rows('SELECT items FROM billing_subscription WHERE id = $1', [
    subscription.id,
  ]);
  expect(JSON.stringify(kept)).not.toContain('unitPrice');
});

test('what comes twice, as the same event or as another, changes nothing', async () => {
  const subscription = newSubscription();
  const eventId = randomUUID();
  await deliverSubscription(service, subscription, 1, eventId);
  await deliverSubscription(service, subscription, 1, eventId);
  await deliverSubscription(service, subscription, 1);

  expect(await licensesOf(subscription)).toHaveLength(1);
  expect(await stepsOf(subscription.orderId)).toHaveLength(2);
  expect(await announced(subscription.deployment.id)).toHaveLength(1);
});

test('a projection that is built anew issues no second license', async () => {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription);
  await service.rows('DELETE FROM inbox_position WHERE aggregate_id = $1', [subscription.id]);
  await deliverSubscription(service, subscription);

  expect(await licensesOf(subscription)).toEqual([expect.objectContaining({ replaced_by_id: null })]);
  expect(await stepsOf(subscription.orderId)).toHaveLength(2);
});

test('of an order with two subscriptions each step is told for each, and once', async () => {
  const first = newSubscription();
  const { accountId, orderId } = first;
  const second = newSubscription({}, { accountId, orderId });
  for (const subscription of [first, second, first]) await deliverSubscription(service, subscription);

  expect(await stepsOf(orderId)).toMatchObject(
    [first, second].flatMap(({ id: subscriptionId }) => [
      { subscriptionId, kind: 'ENTITLEMENTS_GRANTED', status: 'DONE' },
      { subscriptionId, kind: 'LICENSE_ISSUED', status: 'DONE' },
    ]),
  );
});

test('later versions replace the license before', async () => {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription);
  await deliverSubscription(service, changed(subscription, { items: [planItem('PREMIUM', 15)] }), 2);
  const renewed = { startDate: '2027-01-01', endDate: '2028-01-01', months: 12 };
  await deliverSubscription(service, changed(subscription, { term: renewed }, { cause: 'AUTO_RENEWAL' }), 3);

  const [first, second, third] = [1, 2, 3].map((version) => licenseId(subscription.id, version));
  expect(await licensesOf(subscription)).toMatchObject([
    { id: first, seats: 10, cause: 'SUBSCRIPTION_CREATED', replaced_by_id: second },
    { id: second, seats: 15, cause: 'SUBSCRIPTION_CHANGED', replaced_by_id: third },
    { id: third, seats: 10, cause: 'SUBSCRIPTION_RENEWED', ends_on: '2028-01-01', replaced_by_id: null },
  ]);
});

test('a newer version works without the one before, which then comes too late', async () => {
  const subscription = newSubscription();
  await deliverSubscription(service, changed(subscription, { items: [planItem('ULTIMATE', 7)] }), 2);
  await deliverSubscription(service, subscription, 1);

  expect(await licensesOf(subscription)).toMatchObject([{ id: licenseId(subscription.id, 2), seats: 7 }]);
  const rows = await service.rows('SELECT version FROM billing_subscription WHERE id = $1', [
    subscription.id,
  ]);
  expect(rows).toEqual([{ version: 2 }]);
});

test('a canceled subscription is proved up to the day of its cancellation', async () => {
  const subscription = newSubscription({ canceledOn: '2026-07-01' });
  await deliverSubscription(service, subscription);
  expect(await licensesOf(subscription)).toMatchObject([{ ends_on: '2026-07-01' }]);
});

test('a deployment that another account runs is refused, and nothing of it is kept', async () => {
  const deployment = newDeployment();
  await deliverSubscription(service, newSubscription({}, { deployment }));
  const foreign = newSubscription({}, { deployment: { ...deployment, name: 'Mine now' } });
  await deliverSubscription(service, foreign);

  expect(await stepsOf(foreign.orderId)).toMatchObject([
    {
      kind: 'ENTITLEMENTS_GRANTED',
      status: 'REFUSED',
      reason: expect.stringContaining(deployment.externalId) as string,
    },
    { kind: 'LICENSE_ISSUED', status: 'REFUSED' },
  ]);
  expect(await licensesOf(foreign)).toEqual([]);
  expect(await service.rows('SELECT FROM billing_subscription WHERE id = $1', [foreign.id])).toEqual([]);
  expect(await announced(deployment.id)).toHaveLength(1);
  expect(await service.rows('SELECT name FROM deployment WHERE id = $1', [deployment.id])).toEqual([
    { name: deployment.name },
  ]);
});

test('of two accounts that name a new deployment at the same moment one gets it', async () => {
  const deployment = newDeployment();
  const rivals = Array.from({ length: 4 }, () => newSubscription({}, { deployment }));
  await Promise.all(rivals.map((rival) => deliverSubscription(service, rival)));

  const issued = await Promise.all(rivals.map(licensesOf));
  expect(issued.flat()).toHaveLength(1);
  expect(await announced(deployment.id)).toHaveLength(1);
});

test('without an order behind it nothing is told', async () => {
  const before = await service.promised('licenses.fulfillment-step');
  await deliverSubscription(service, newSubscription({}, { orderId: null }));
  expect(await service.promised('licenses.fulfillment-step')).toEqual(before);
});

test('a second subscription of the same account registers nothing anew; another name is told', async () => {
  const first = newSubscription();
  await deliverSubscription(service, first);
  const second = newSubscription(
    {},
    { accountId: first.accountId, deployment: { ...first.deployment, name: 'Renamed' } },
  );
  await deliverSubscription(service, second);

  expect(await announced(first.deployment.id)).toMatchObject([
    [1, { name: first.deployment.name }],
    [2, { name: 'Renamed', accountId: first.accountId }],
  ]);
});
