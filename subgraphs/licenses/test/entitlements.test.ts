import { randomUUID } from 'node:crypto';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { beforeAll, describe, expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import { createMemoryKeyRing } from '../src/keys/memory-key-ring.js';
import { createSecretMaker } from '../src/keys/secret-maker.js';
import { takeSubscription } from '../src/service/take-subscription.js';
import {
  addOnItem,
  changed,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  newDeployment,
  newSubscription,
  now,
  planItem,
} from './facts.js';

/** Accounts live at `now`, but for those that live on a clock of their own. */
const clocks = new Map<string, Date>();
const service = await startServiceHarness(licensesDefinition, {
  clock: { now: async (accountId) => clocks.get(accountId ?? '') ?? now },
});
const { transaction } = await openUnitOfWork(licensesDefinition, service.databaseUrl);
beforeAll(() => deliverProducts(service));

const entitlementsQuery = /* GraphQL */ `
  query Entitlements($kind: DeploymentKind!, $externalId: String!) {
    entitlements(deploymentKind: $kind, externalId: $externalId) {
      deploymentId
      deployment {
        id
        kind
        externalId
        name
        registeredAt
        account {
          id
        }
      }
      account {
        id
      }
      subscription {
        id
      }
      planCode
      plan {
        code
      }
      validFrom
      validUntil
      trial
      inGracePeriod
      seats {
        purchased
        used
        maximum
        overage
        reportedAt
      }
      features {
        __typename
        key
        name
        source
        ... on OnOffFeature {
          enabled
        }
        ... on LimitFeature {
          limit
          used
        }
        ... on MeteredAllowanceFeature {
          allowance
          used
          remaining
          resetsOn
        }
      }
      addOns {
        productCode
        product {
          code
        }
        quantity
      }
    }
  }
`;

interface Answer {
  entitlements: Record<string, unknown> | null;
}

async function ask({ accountId, deployment }: BillingSubscriptionPayload) {
  const answer = await service.query<Answer>(productViewer(accountId), entitlementsQuery, {
    kind: deployment.kind,
    externalId: deployment.externalId,
  });
  expect(answer.errors).toEqual([]);
  return { entitlements: answer.data?.entitlements, statements: service.statements(answer.requestId) };
}

async function reportUse(deploymentId: string): Promise<void> {
  await service.rows(`INSERT INTO seat_usage VALUES ($1, 11, 13, '2026-01-01', '2026-06-14T00:00:00Z')`, [
    deploymentId,
  ]);
  await service.rows(
    `INSERT INTO feature_usage (deployment_id, feature_key, used, observed_at)
     VALUES ($1, 'storage', 12, '2026-06-14T00:00:00Z')`,
    [deploymentId],
  );
  await service.rows(
    `INSERT INTO allowance_reading (deployment_id, feature_key, source, part_from, month, measured_at, total)
     VALUES ($1, 'compute', 'runners', '2026-06-01T00:00:00Z', '2026-06-01', '2026-06-14T00:00:00Z', 2500)`,
    [deploymentId],
  );
}

describe('Query.entitlements', () => {
  test('answers everything in one statement', async () => {
    const subscription = newSubscription({ items: [planItem('PREMIUM', 10), addOnItem('STORAGE', 2)] });
    await grantAccount(service, subscription.accountId);
    await deliverSubscription(service, subscription);
    await reportUse(subscription.deployment.id);

    const { entitlements, statements } = await ask(subscription);
    expect(statements).toHaveLength(1);
    expect(entitlements).toEqual({
      deploymentId: subscription.deployment.id,
      deployment: {
        ...subscription.deployment,
        registeredAt: now.toISOString(),
        account: { id: subscription.accountId },
      },
      account: { id: subscription.accountId },
      subscription: { id: subscription.id },
      planCode: 'PREMIUM',
      plan: { code: 'PREMIUM' },
      validFrom: '2026-01-01',
      validUntil: '2027-01-01',
      trial: false,
      inGracePeriod: false,
      seats: { purchased: 10, used: 11, maximum: 13, overage: 3, reportedAt: '2026-06-14T00:00:00.000Z' },
      features: [
        {
          __typename: 'MeteredAllowanceFeature',
          key: 'compute',
          name: 'Compute minutes',
          source: 'PREMIUM',
          allowance: 10_000,
          used: 2_500,
          remaining: 7_500,
          resetsOn: '2026-07-01',
        },
        { __typename: 'OnOffFeature', key: 'issues', name: 'Issues', source: 'PREMIUM', enabled: true },
        {
          __typename: 'LimitFeature',
          key: 'storage',
          name: 'Storage in GiB',
          source: 'PREMIUM',
          limit: 30,
          used: 12,
        },
      ],
      addOns: [{ productCode: 'STORAGE', product: { code: 'STORAGE' }, quantity: 2 }],
    });
  });

  test('lives at the instant of the account’s own clock', async () => {
    const subscription = newSubscription();
    await grantAccount(service, subscription.accountId);
    await deliverSubscription(service, subscription);
    const at = async (instant: string) => {
      clocks.set(subscription.accountId, new Date(instant));
      return (await ask(subscription)).entitlements;
    };
    expect(await at('2026-12-31T23:59:59.999Z')).toMatchObject({ planCode: 'PREMIUM', inGracePeriod: false });
    expect(await at('2027-01-01T00:00:00.000Z')).toMatchObject({ planCode: 'PREMIUM', inGracePeriod: true });
    expect(await at('2027-01-15T00:00:00.000Z')).toMatchObject({
      planCode: 'FREE',
      plan: { code: 'FREE' },
      subscription: null,
      validFrom: null,
      validUntil: null,
      seats: { purchased: 0 },
      features: [{ key: 'issues', source: 'FREE' }],
    });
  });

  test('of several subscriptions over time the one in force answers', async () => {
    const here = { accountId: randomUUID(), deployment: newDeployment() };
    await grantAccount(service, here.accountId);
    const term = (startDate: string, endDate: string) => ({ startDate, endDate, months: 12 });
    const former = newSubscription({ term: term('2025-01-01', '2026-06-10') }, here);
    const current = newSubscription({ term: term('2026-06-12', '2027-06-12') }, here);
    const future = newSubscription({ term: term('2026-07-01', '2027-07-01') }, here);
    await deliverSubscription(service, former);
    expect((await ask(former)).entitlements).toMatchObject({
      subscription: { id: former.id },
      inGracePeriod: true,
    });
    await deliverSubscription(service, future);
    await deliverSubscription(service, current);
    const { entitlements, statements } = await ask(current);
    expect(entitlements).toMatchObject({ subscription: { id: current.id }, inGracePeriod: false });
    expect(statements).toHaveLength(1);
  });

  test('a product that has not arrived counts with its code', async () => {
    const subscription = newSubscription({ items: [planItem('TOMORROWS', 3)] });
    await grantAccount(service, subscription.accountId);
    await deliverSubscription(service, subscription);
    const { entitlements } = await ask(subscription);
    expect(entitlements).toMatchObject({ planCode: 'TOMORROWS', features: [], seats: { purchased: 3 } });
  });

  test('a product’s older snapshot changes nothing, a newer one does', async () => {
    const subscription = newSubscription({ items: [planItem('CHANGING', 1)] });
    await grantAccount(service, subscription.accountId);
    await deliverSubscription(service, subscription);
    const product = (key: string) => ({
      code: 'CHANGING',
      name: 'Changing',
      kind: 'PLAN' as const,
      rank: 5,
      features: [{ key, name: key, kind: 'ON_OFF' as const, quantity: null }],
    });
    await service.deliver('orders.product', product('second'), { aggregateId: 'CHANGING', sequence: 2 });
    await service.deliver('orders.product', product('first'), { aggregateId: 'CHANGING', sequence: 1 });
    expect((await ask(subscription)).entitlements).toMatchObject({ features: [{ key: 'second' }] });
    await service.deliver('orders.product', product('third'), { aggregateId: 'CHANGING', sequence: 3 });
    expect((await ask(subscription)).entitlements).toMatchObject({ features: [{ key: 'third' }] });
  });

  test('counts beyond GraphQL’s Int are shown as its largest', async () => {
    const subscription = newSubscription({
      items: [planItem('PREMIUM', 1), addOnItem('STORAGE', 2_000_000_000)],
    });
    await grantAccount(service, subscription.accountId);
    await deliverSubscription(service, subscription);
    const { entitlements } = await ask(subscription);
    expect(entitlements?.['features']).toContainEqual(
      expect.objectContaining({ key: 'storage', limit: 2_147_483_647 }),
    );
  });
});

describe('for many at once', () => {
  const accountId = randomUUID();
  const subscriptions = Array.from({ length: 100 }, () => newSubscription({}, { accountId }));
  beforeAll(async () => {
    await grantAccount(service, accountId);
    // Straight through the use case: a hundred deliveries would only test the bus.
    await transaction(async (unit) => {
      for (const subscription of subscriptions) {
        await takeSubscription(unit, createSecretMaker(createMemoryKeyRing()), subscription, {
          version: 1,
          recordedAt: now,
        });
      }
    });
  });
  const viewer = internalViewer();

  async function entities(representations: object[], selection: string) {
    const document = `query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`;
    const answer = await service.query<{ _entities: (Record<string, unknown> | null)[] }>(viewer, document, {
      of: representations,
    });
    expect(answer.errors).toEqual([]);
    return { found: answer.data?._entities ?? [], statements: service.statements(answer.requestId).length };
  }

  test('the entitlements of 100 deployments take one statement', async () => {
    const { found, statements } = await entities(
      subscriptions.map(({ deployment }) => ({ __typename: 'Entitlements', deploymentId: deployment.id })),
      '... on Entitlements { deploymentId planCode deployment { externalId } features { key } addOns { productCode } }',
    );
    expect(found.map((one) => one?.['deploymentId'])).toEqual(
      subscriptions.map(({ deployment }) => deployment.id),
    );
    expect(found.at(-1)).toMatchObject({ planCode: 'PREMIUM', features: [{}, {}, {}] });
    expect(statements).toBe(1);
  });

  test('an account’s deployments come by kind and external id, each level in one statement', async () => {
    const { found, statements } = await entities(
      [
        { __typename: 'Account', id: accountId },
        { __typename: 'Account', id: randomUUID() },
      ],
      '... on Account { deployments { id externalId entitlements { planCode } licenses { id replacedBy { id } } } }',
    );
    const deployments = found[0]?.['deployments'] as { externalId: string; licenses: unknown[] }[];
    expect(deployments).toHaveLength(100);
    const names = deployments.map(({ externalId }) => externalId);
    expect(names).toEqual(names.toSorted());
    expect(deployments.every(({ licenses }) => licenses.length === 1)).toBe(true);
    expect(found[1]).toEqual({ deployments: [] });
    expect(statements).toBe(3);
  });

  test('deployments, licenses and lists of licenses take one statement each', async () => {
    const deployments = await entities(
      subscriptions.map(({ deployment }) => ({ __typename: 'Deployment', id: deployment.id })),
      '... on Deployment { externalId }',
    );
    expect(deployments.found.filter((one) => one !== null)).toHaveLength(100);
    expect(deployments.statements).toBe(1);

    const lists = await entities(
      subscriptions.map(({ id }) => ({ __typename: 'BillingSubscription', id })),
      '... on BillingSubscription { licenses { id planCode seats startsOn endsOn cause issuedAt } }',
    );
    const ids = lists.found.flatMap(
      (one) => (one?.['licenses'] as { id: string }[] | undefined)?.map(({ id }) => id) ?? [],
    );
    expect(new Set(ids).size).toBe(100);
    expect(lists.statements).toBe(1);

    const licenses = await entities(
      ids.map((id) => ({ __typename: 'License', id })),
      '... on License { id subscription { id } deployment { externalId } }',
    );
    expect(licenses.found.every((one) => one?.['deployment'] !== null)).toBe(true);
    expect(licenses.statements).toBe(2);
  });

  test('licenses come the newest first', async () => {
    const subscription = newSubscription();
    await deliverSubscription(service, subscription, 1);
    await deliverSubscription(service, changed(subscription, { items: [planItem('PREMIUM', 20)] }), 2);
    const { found } = await entities(
      [{ __typename: 'BillingSubscription', id: subscription.id }],
      '... on BillingSubscription { licenses { seats replacedBy { seats } } }',
    );
    expect(found).toEqual([
      {
        licenses: [
          { seats: 20, replacedBy: null },
          { seats: 10, replacedBy: { seats: 20 } },
        ],
      },
    ]);
  });
});

describe('bad input', () => {
  test('an id that is not a UUID', async () => {
    const answer = await service.query(internalViewer(), '{ deployment(id: "nothing") { id } }');
    expect(answer.errors).toMatchObject([
      { path: ['deployment'], extensions: { code: 'ID_INVALID', field: 'id' } },
    ]);
  });

  test('a UUID in capitals finds what it names', async () => {
    const subscription = newSubscription();
    await deliverSubscription(service, subscription);
    const { id } = subscription.deployment;
    const answer = await service.query(internalViewer(), 'query ($id: ID!) { deployment(id: $id) { id } }', {
      id: id.toUpperCase(),
    });
    expect(answer.data).toEqual({ deployment: { id } });
  });

  test('a reference that is not a UUID is no deployment', async () => {
    const document = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Deployment { id } } }';
    const of = [{ __typename: 'Deployment', id: "'; --" }];
    expect((await service.query(internalViewer(), document, { of })).data).toEqual({ _entities: [null] });
  });

  test('no viewer token, no answer', async () => {
    const answer = await service.query(null, '{ __typename }');
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});
