import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { licensesDefinition } from '../src/definition.js';
import { changed, deliverSubscription, newDeployment, newSubscription, now, ordered } from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });

/** Versions 1 to 5: all by orders but the third, which the contract made by itself. */
function newHistory(): BillingSubscriptionPayload[] {
  const first = newSubscription();
  const second = ordered(first, 2);
  const third = changed(second, {}, { cause: 'RECONCILIATION' });
  const fourth = ordered(third, 4);
  return [first, second, third, fourth, ordered(fourth, 5)];
}

interface Step {
  orderId: string;
  subscriptionId: string;
  kind: string;
  status: string;
}

async function stepsOf(subscription: BillingSubscriptionPayload): Promise<Step[]> {
  const steps = (await service.promised('licenses.fulfillment-step')).map(({ payload }) => payload as Step);
  return steps.filter(({ subscriptionId }) => subscriptionId === subscription.id);
}

/** Both steps of an order, as they are told. */
function stepsFor(subscriptionId: string, orderId: string, status = 'DONE') {
  return ['ENTITLEMENTS_GRANTED', 'LICENSE_ISSUED'].map((kind) =>
    expect.objectContaining({ orderId, subscriptionId, kind, status }),
  );
}

function ordersUpTo(history: readonly BillingSubscriptionPayload[], version: number): string[] {
  return history.slice(0, version).flatMap(({ orderId }) => (orderId === null ? [] : [orderId]));
}

async function deliver(history: readonly BillingSubscriptionPayload[], versions: readonly number[]) {
  for (const version of versions) {
    const snapshot = history[version - 1];
    if (snapshot) await deliverSubscription(service, snapshot, version);
  }
}

test.each([
  { arrivals: [5] },
  { arrivals: [1, 5] },
  { arrivals: [2, 4, 5] },
  { arrivals: [3, 1, 5, 2, 4] },
  { arrivals: [5, 4, 3, 2, 1] },
  { arrivals: [4, 4, 2, 5, 5] },
])('snapshots $arrivals: every order is told, and once', async ({ arrivals }) => {
  const history = newHistory();
  const [{ id } = newSubscription()] = history;
  await deliver(history, arrivals);

  const expected = ordersUpTo(history, 5).flatMap((orderId) => stepsFor(id, orderId));
  const told = history[0] ? await stepsOf(history[0]) : [];
  expect(told).toHaveLength(expected.length);
  expect(told).toEqual(expect.arrayContaining(expected));
});

test('no order is told before its version has come', async () => {
  const history = newHistory();
  const [first = newSubscription()] = history;
  await deliver(history, [1]);
  expect(await stepsOf(first)).toEqual(ordersUpTo(history, 1).flatMap((id) => stepsFor(first.id, id)));
  await deliver(history, [4]);
  expect(await stepsOf(first)).toEqual(ordersUpTo(history, 4).flatMap((id) => stepsFor(first.id, id)));
});

test('a projection that is built anew tells nothing again', async () => {
  const history = newHistory();
  const [first = newSubscription()] = history;
  await deliver(history, [1, 2, 3, 4, 5]);
  const before = await stepsOf(first);
  await service.rows('DELETE FROM billing_subscription WHERE id = $1', [first.id]);
  await service.rows('DELETE FROM inbox_position WHERE aggregate_id = $1', [first.id]);
  await deliver(history, [5]);
  expect(await stepsOf(first)).toEqual(before);
});

test('where the deployment is another account’s, all of the orders are refused', async () => {
  const deployment = newDeployment();
  await deliverSubscription(service, newSubscription({}, { deployment }));
  const first = newSubscription({}, { deployment });
  const second = ordered(first, 2);
  await deliverSubscription(service, second, 2);
  const orders = [first, second].flatMap(({ orderId }) => (orderId === null ? [] : [orderId]));
  expect(await stepsOf(first)).toEqual(orders.flatMap((id) => stepsFor(first.id, id, 'REFUSED')));
});
