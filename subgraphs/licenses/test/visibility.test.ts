import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { beforeAll, describe, expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import {
  deliverGrant,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newDeployment,
  newSubscription,
  now,
} from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });
beforeAll(() => deliverProducts(service));

type Deployment = BillingSubscriptionPayload['deployment'];

async function ask(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) {
  const answer = await service.query(viewer, document, variables);
  expect(answer.errors).toEqual([]);
  return answer.data;
}

/** The root field, by kind and external id: what it says, with the errors if it says nothing. */
async function planOf(viewer: Viewer, { kind, externalId }: Deployment): Promise<unknown> {
  const document = `query ($kind: DeploymentKind!, $id: String!) {
    entitlements(deploymentKind: $kind, externalId: $id) { planCode } }`;
  const { data, errors } = await service.query(viewer, document, { kind, id: externalId });
  expect(data).toHaveProperty('entitlements');
  return (
    data?.['entitlements'] ?? errors.map(({ message, path, extensions }) => ({ message, path, extensions }))
  );
}

/** The answer for every deployment that the viewer does not see, whether it exists or not. */
const notFound = [
  {
    message:
      'No deployment of this kind and external id is visible to you. Check `deploymentKind`, `externalId`, and the account of your token.',
    path: ['entitlements'],
    extensions: { code: 'DEPLOYMENT_NOT_FOUND', field: 'externalId' },
  },
];

/** Everything that leads to a deployment, through every entity. */
async function reach(viewer: Viewer, subscription: BillingSubscriptionPayload) {
  const document = `query ($id: ID!, $of: [_Any!]!) {
    deployment(id: $id) { id entitlements { planCode } licenses { id } }
    _entities(representations: $of) {
      ... on Deployment { externalId }
      ... on Entitlements { planCode }
      ... on Account { deployments { id } }
      ... on BillingSubscription { licenses { id } }
    } }`;
  const { id } = subscription.deployment;
  const of = [
    { __typename: 'Deployment', id },
    { __typename: 'Entitlements', deploymentId: id },
    { __typename: 'Account', id: subscription.accountId },
    { __typename: 'BillingSubscription', id: subscription.id },
  ];
  return ask(viewer, document, { id, of });
}

const nothing = { deployment: null, _entities: [null, null, { deployments: [] }, { licenses: [] }] };

describe('a product', () => {
  const own = newSubscription();
  const foreign = newSubscription();
  const second = newSubscription({}, { accountId: own.accountId });
  beforeAll(async () => {
    for (const subscription of [own, foreign, second]) await deliverSubscription(service, subscription);
    await grantAccount(service, own.accountId);
    await grantAccount(service, foreign.accountId);
  });

  test('sees another account’s deployment by a subscription that was granted to its own, and no further', async () => {
    const viewer = productViewer(randomUUID());
    const granted = newSubscription();
    await deliverSubscription(service, granted);
    expect(await planOf(viewer, granted.deployment)).toEqual(notFound);
    const subject = { kind: 'ACCOUNT', id: viewer.accountId } as const;
    await deliverGrant(service, 'subscriptions.grant', subject, { kind: 'SUBSCRIPTION', id: granted.id });
    expect(await planOf(viewer, granted.deployment)).toEqual({ planCode: 'PREMIUM' });
    expect(await planOf(viewer, foreign.deployment)).toEqual(notFound);
  });

  test('sees its own account’s deployments', async () => {
    const viewer = productViewer(own.accountId);
    expect(await planOf(viewer, own.deployment)).toEqual({ planCode: 'PREMIUM' });
    expect(await reach(viewer, own)).toMatchObject({
      deployment: { id: own.deployment.id, entitlements: { planCode: 'PREMIUM' } },
      _entities: [
        { externalId: own.deployment.externalId },
        { planCode: 'PREMIUM' },
        { deployments: [{}, {}] },
        {},
      ],
    });
  });

  test('gets the same answer for another account’s deployment as for one that does not exist', async () => {
    const viewer = productViewer(own.accountId);
    expect(await planOf(viewer, foreign.deployment)).toEqual(notFound);
    expect(await planOf(viewer, newDeployment())).toEqual(notFound);
    expect(await reach(viewer, foreign)).toEqual(nothing);
    expect(await reach(viewer, newSubscription())).toEqual(nothing);
  });

  test('whose token names a deployment sees that one alone', async () => {
    const viewer = productViewer(own.accountId, { deploymentId: own.deployment.id });
    expect(await planOf(viewer, own.deployment)).toEqual({ planCode: 'PREMIUM' });
    expect(await planOf(viewer, second.deployment)).toEqual(notFound);
    expect(await reach(viewer, second)).toMatchObject({
      deployment: null,
      _entities: [null, null, { deployments: [{ id: own.deployment.id }] }, { licenses: [] }],
    });
  });

  test('sees no entitlements without the scope', async () => {
    const viewer = productViewer(own.accountId, { scopes: ['licenses:read'] });
    const { id, kind, externalId } = own.deployment;
    const document = `query ($kind: DeploymentKind!, $externalId: String!, $id: ID!, $of: [_Any!]!) {
      entitlements(deploymentKind: $kind, externalId: $externalId) { planCode }
      entitlementsOf(deployments: [{ kind: $kind, externalId: $externalId }]) { planCode }
      entitlementToken(deploymentKind: $kind, externalId: $externalId) { token }
      deployment(id: $id) { id entitlements { planCode } }
      _entities(representations: $of) { ... on Entitlements { planCode } } }`;
    const of = [{ __typename: 'Entitlements', deploymentId: id }];
    const { data, errors } = await service.query(viewer, document, { kind, externalId, id, of });
    expect(data).toEqual({
      entitlements: null,
      entitlementsOf: null,
      entitlementToken: null,
      deployment: { id, entitlements: null },
      _entities: [null],
    });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(
      Array.from({ length: 4 }, () => 'FORBIDDEN'),
    );
  });

  test('whose token names another account’s deployment sees nothing', async () => {
    const viewer = productViewer(own.accountId, { deploymentId: foreign.deployment.id });
    expect(await planOf(viewer, foreign.deployment)).toEqual(notFound);
    expect(await planOf(viewer, own.deployment)).toEqual(notFound);
  });

  test('sees nothing while no grant has arrived', async () => {
    const early = newSubscription();
    await deliverSubscription(service, early);
    expect(await planOf(productViewer(early.accountId), early.deployment)).toEqual(notFound);
    expect(await reach(productViewer(early.accountId), early)).toEqual(nothing);
  });
});

describe('a partner', () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const accountId = randomUUID();
  const shared = newDeployment();
  const lapsed = newSubscription(
    { term: { startDate: '2024-01-01', endDate: '2025-01-01', months: 12 } },
    { accountId, deployment: shared },
  );
  const current = newSubscription({}, { accountId, deployment: shared });
  const elsewhere = newSubscription({}, { accountId });
  beforeAll(async () => {
    for (const subscription of [lapsed, current, elsewhere]) await deliverSubscription(service, subscription);
    await grantAccount(service, accountId);
    await grantSubscription(service, first, lapsed.id);
    await grantSubscription(service, second, current.id);
  });

  test('sees the entitlements that come from a subscription which it sells, and no license', async () => {
    expect(await reach(partnerViewer(second), current)).toEqual({
      deployment: { id: shared.id, entitlements: { planCode: 'PREMIUM' }, licenses: [] },
      _entities: [
        { externalId: shared.externalId },
        { planCode: 'PREMIUM' },
        // The customer's other deployment was sold by somebody else.
        { deployments: [{ id: shared.id }] },
        { licenses: [] },
      ],
    });
  });

  test('sees the deployment, not the entitlements, while what is in force was sold by another', async () => {
    expect(await reach(partnerViewer(first), lapsed)).toEqual({
      deployment: { id: shared.id, entitlements: null, licenses: [] },
      _entities: [
        { externalId: shared.externalId },
        null,
        { deployments: [{ id: shared.id }] },
        { licenses: [] },
      ],
    });
  });

  test('sees the same when nothing at all is in force', async () => {
    const ended = newSubscription({ term: { startDate: '2024-01-01', endDate: '2025-01-01', months: 12 } });
    await deliverSubscription(service, ended);
    await grantSubscription(service, first, ended.id);
    expect(await reach(partnerViewer(first), ended)).toMatchObject({
      deployment: { id: ended.deployment.id, entitlements: null },
    });
  });

  test('sees nothing of what it was not granted, or no longer', async () => {
    expect(await reach(partnerViewer(randomUUID()), current)).toEqual(nothing);
    // The customer's other deployment: of this account the partner still reaches the one that it sold to, no other.
    expect(await reach(partnerViewer(first), elsewhere)).toEqual({
      ...nothing,
      _entities: [null, null, { deployments: [{ id: shared.id }] }, { licenses: [] }],
    });
    const former = randomUUID();
    await grantSubscription(service, former, current.id);
    expect(await reach(partnerViewer(former), current)).toMatchObject({ deployment: { id: shared.id } });
    await grantSubscription(service, former, current.id, '2026-01-01T00:00:00Z');
    expect(await reach(partnerViewer(former), current)).toEqual(nothing);
  });

  test('sees its own account whole, and the profile of a customer opens nothing', async () => {
    const partner = randomUUID();
    const own = newSubscription();
    await deliverSubscription(service, own);
    const subject = { kind: 'PARTNER', id: partner } as const;
    await deliverGrant(service, 'partners.grant', subject, { kind: 'ACCOUNT_PROFILE', id: own.accountId });
    expect(await reach(partnerViewer(partner), own)).toEqual(nothing);
    await deliverGrant(service, 'partners.grant', subject, { kind: 'ACCOUNT', id: own.accountId });
    expect(await reach(partnerViewer(partner), own)).toMatchObject({
      deployment: { entitlements: { planCode: 'PREMIUM' }, licenses: [] },
    });
  });
});

test('the company itself sees every row', async () => {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription);
  expect(await reach(internalViewer(), subscription)).toMatchObject({
    deployment: { entitlements: { planCode: 'PREMIUM' }, licenses: [{}] },
    _entities: [{}, {}, { deployments: [{}] }, { licenses: [{}] }],
  });
});
