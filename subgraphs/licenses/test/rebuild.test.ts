import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { allRows } from '@fulfillment/test/kit/table-rows';
import { expect, test } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import { changed, deliverSubscription, newDeployment, newSubscription, now } from './facts.js';

const service = await startServiceHarness(licensesDefinition, {
  clock: { now: async () => now },
  periodic: false,
});

/** What a rebuild does before the producer sends all snapshots again. */
async function drop(): Promise<void> {
  const topic = 'subscriptions.billing-subscription';
  await service.rows('DELETE FROM billing_subscription');
  await service.rows('DELETE FROM inbox WHERE topic = $1', [topic]);
  await service.rows('DELETE FROM inbox_position WHERE topic = $1', [topic]);
}

test('subscriptions that are taken in again, in whatever order, change nothing that followed from them', async () => {
  const first = newSubscription();
  const { deployment, accountId } = first;
  const renamed = newSubscription({}, { accountId, deployment: { ...deployment, name: 'A better name' } });
  const moved = newSubscription();
  const afterMove = newSubscription().accountId;
  const later: [BillingSubscriptionPayload, number][] = [
    [first, 1],
    [renamed, 1],
    [moved, 1],
    [changed(moved, {}, { accountId: afterMove, invoiceOwnerAccountId: afterMove }), 2],
    [newSubscription({}, { accountId: afterMove, deployment: newDeployment() }), 1],
  ];
  for (const [subscription, version] of later) await deliverSubscription(service, subscription, version);
  const before = await allRows(service.databaseUrl);

  await drop();
  const newest = later.filter(([{ id }, version]) => id !== moved.id || version === 2);
  for (const [subscription, version] of newest.toReversed()) {
    await deliverSubscription(service, subscription, version);
  }
  expect(await allRows(service.databaseUrl)).toEqual(before);
});

test('a snapshot that is newer than what was dropped is taken in like any other', async () => {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription, 1);
  await drop();
  await deliverSubscription(service, changed(subscription, {}), 2);
  const licenses = await service.rows('SELECT FROM license WHERE subscription_id = $1', [subscription.id]);
  expect(licenses).toHaveLength(2);
});
