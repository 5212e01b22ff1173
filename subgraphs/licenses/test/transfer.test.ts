import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { beforeAll, expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import {
  changed,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newSubscription,
  now,
  ordered,
} from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });
beforeAll(() => deliverProducts(service));

/** What a viewer sees of a deployment: its plan, how many licenses, and whether its account lists it. */
async function seen(viewer: Viewer, { accountId, deployment: { id } }: BillingSubscriptionPayload) {
  const document = `query ($id: ID!, $of: [_Any!]!) {
    deployment(id: $id) { account { id } entitlements { planCode subscription { id } } licenses { seats } }
    _entities(representations: $of) { ... on Account { deployments { id } } } }`;
  const of = [{ __typename: 'Account', id: accountId }];
  const answer = await service.query(viewer, document, { id, of });
  expect(answer.errors).toEqual([]);
  return answer.data;
}

const nothing = { deployment: null, _entities: [{ deployments: [] }] };

async function stepsOf(orderId: string | null): Promise<unknown[]> {
  const steps = await service.promised('licenses.fulfillment-step');
  return steps
    .map(({ payload }) => payload)
    .filter((step) => (step as { orderId: string }).orderId === orderId);
}

/** A subscription of one account, and its next version with which it goes to another; both accounts see themselves. */
async function newTransfer() {
  const accountId = randomUUID();
  const before = newSubscription();
  const after = ordered(before, 2, {}, { accountId, invoiceOwnerAccountId: accountId });
  await grantAccount(service, before.accountId);
  await grantAccount(service, accountId);
  return { before, after };
}

test('a deployment goes with its subscription to the new account, which alone sees it', async () => {
  const { before, after } = await newTransfer();
  const { id, name } = before.deployment;
  await deliverSubscription(service, before);
  await deliverSubscription(service, after, 2);

  const plan = { planCode: 'PREMIUM', subscription: { id: after.id } };
  expect(await seen(productViewer(after.accountId), after)).toEqual({
    // The license that its former owner had stays that owner's.
    deployment: { account: { id: after.accountId }, entitlements: plan, licenses: [{ seats: 10 }] },
    _entities: [{ deployments: [{ id }] }],
  });
  expect(await seen(productViewer(before.accountId), before)).toEqual(nothing);
  expect(await seen(productViewer(before.accountId, { deploymentId: id }), before)).toEqual(nothing);
  const told = (await service.promised('licenses.deployment')).filter(
    ({ aggregateId }) => aggregateId === id,
  );
  expect(told.map(({ sequence, payload }) => [sequence, payload])).toMatchObject([
    [1, { accountId: before.accountId, name }],
    [2, { accountId: after.accountId, name }],
  ]);
  expect(await stepsOf(after.orderId)).toMatchObject([{ status: 'DONE' }, { status: 'DONE' }]);
});

test('the same transfer again changes nothing, nor does what came before it', async () => {
  const { before, after } = await newTransfer();
  await deliverSubscription(service, before);
  for (const [snapshot, version] of [
    [after, 2],
    [after, 2],
    [before, 1],
  ] as const) {
    await deliverSubscription(service, snapshot, version);
  }
  const { id } = before.deployment;
  const rows = await service.rows('SELECT account_id, version FROM deployment WHERE id = $1', [id]);
  expect(rows).toEqual([{ account_id: after.accountId, version: 2 }]);
});

test('a transfer whose former owner was never heard of registers the deployment to the new one', async () => {
  const { before, after } = await newTransfer();
  await deliverSubscription(service, after, 2);
  expect(await seen(productViewer(after.accountId), after)).toMatchObject({
    deployment: { account: { id: after.accountId } },
  });
  expect(await stepsOf(before.orderId)).toMatchObject([{ status: 'DONE' }, { status: 'DONE' }]);
});

test('owners in between may be skipped, and it may come back', async () => {
  const { before, after } = await newTransfer();
  const third = ordered(after, 3, {}, { accountId: randomUUID() });
  const back = ordered(third, 4, {}, { accountId: before.accountId });
  await deliverSubscription(service, before);
  await deliverSubscription(service, third, 3);
  await deliverSubscription(service, back, 4);
  expect(await seen(productViewer(before.accountId), before)).toMatchObject({
    deployment: { entitlements: { planCode: 'PREMIUM' } },
  });
  for (const { orderId } of [after, third, back]) expect(await stepsOf(orderId)).toHaveLength(2);
});

test('it moves also when the projection was dropped and is built again', async () => {
  const { before, after } = await newTransfer();
  await deliverSubscription(service, before);
  await service.rows('DELETE FROM billing_subscription WHERE id = $1', [before.id]);
  await deliverSubscription(service, after, 2);
  expect(await stepsOf(after.orderId)).toMatchObject([{ status: 'DONE' }, { status: 'DONE' }]);
});

test('what stays behind with the former owner no longer moves the deployment, and gives it nothing', async () => {
  const { before, after } = await newTransfer();
  const { accountId, deployment } = before;
  const second = newSubscription(
    { term: { startDate: '2026-02-01', endDate: '2027-02-01', months: 12 } },
    { accountId, deployment },
  );
  const partner = randomUUID();
  await grantSubscription(service, partner, second.id);
  await deliverSubscription(service, before);
  await deliverSubscription(service, second);
  expect(await seen(partnerViewer(partner), second)).toMatchObject({
    deployment: { account: { id: accountId } },
  });

  await deliverSubscription(service, after, 2);
  const refused = ordered(second, 2);
  await deliverSubscription(service, refused, 2);
  expect(await stepsOf(refused.orderId)).toMatchObject([{ status: 'REFUSED' }, { status: 'REFUSED' }]);
  expect(await seen(productViewer(after.accountId), after)).toMatchObject({
    deployment: { entitlements: { subscription: { id: after.id } } },
  });
  expect(await seen(partnerViewer(partner), second)).toEqual(nothing);
});

test('another account cannot take it by a subscription of its own, new or old', async () => {
  const owner = newSubscription();
  const thief = newSubscription();
  await deliverSubscription(service, owner);
  await deliverSubscription(service, thief);
  const { deployment } = owner;
  const claims = [
    { claim: newSubscription({}, { deployment }), version: 1 },
    { claim: ordered(newSubscription({}, { deployment }), 2), version: 2 },
    // A subscription that ran another deployment until now.
    { claim: changed(thief, {}, { deployment, orderId: randomUUID() }), version: 2 },
  ];
  for (const { claim, version } of claims) await deliverSubscription(service, claim, version);
  const rows = await service.rows('SELECT account_id FROM deployment WHERE id = $1', [deployment.id]);
  expect(rows).toEqual([{ account_id: owner.accountId }]);
  expect(await service.rows('SELECT FROM license WHERE deployment_id = $1', [deployment.id])).toHaveLength(1);
});
