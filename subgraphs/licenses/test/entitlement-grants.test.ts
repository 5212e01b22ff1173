import { randomUUID } from 'node:crypto';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeAll, describe, expect, test } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import { deliverProducts, deliverSubscription, grantAccount, newSubscription, now } from './facts.js';

const clock = { at: now };
const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => clock.at } });
beforeAll(() => deliverProducts(service));

const ada = internalViewer({
  subject: 'ada',
  scopes: ['entitlements:read', 'licenses:read', 'licenses:write'],
});

async function newCustomer() {
  const subscription = newSubscription();
  await deliverSubscription(service, subscription);
  await grantAccount(service, subscription.accountId);
  const { kind, externalId } = subscription.deployment;
  return { subscription, deployment: { kind, externalId }, viewer: productViewer(subscription.accountId) };
}

const inputs = {
  grantEntitlement: 'GrantEntitlementInput',
  setEntitlementOverride: 'SetEntitlementOverrideInput',
  revokeEntitlementGrant: 'RevokeEntitlementGrantInput',
} as const;

interface Answer {
  readonly grant: Record<string, unknown> | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

async function call(
  name: keyof typeof inputs,
  input: object,
  viewer: Parameters<typeof service.query>[0] = ada,
) {
  const document = `mutation ($input: ${inputs[name]}!) { ${name}(input: $input) {
    grant { id mode featureKey featureName featureKind enabled quantity priority from until reason grantedBy grantedAt
            revokedAt revokedBy revocationReason deployment { externalId } account { id } }
    userErrors { code field message } } }`;
  const { data, errors } = await service.query<Record<string, Answer>>(viewer, document, {
    input: { idempotencyKey: randomUUID(), reason: 'Goodwill after the outage', ...input },
  });
  return { ...(data?.[name] ?? { grant: null, userErrors: [] }), errors };
}

async function featureOf(
  key: string,
  customer: Awaited<ReturnType<typeof newCustomer>>,
  viewer = customer.viewer,
) {
  const { kind, externalId } = customer.deployment;
  const document = `query ($kind: DeploymentKind!, $externalId: String!) {
    entitlements(deploymentKind: $kind, externalId: $externalId) { features { key name source
      ... on OnOffFeature { enabled explain { ...source } } ... on LimitFeature { limit explain { ...source } }
      ... on MeteredAllowanceFeature { remaining quota explain { ...source } } } } }
    fragment source on EntitlementSource { kind code name quantity left from until applies reason }`;
  const { data, requestId } = await service.query<{ entitlements: { features: { key: string }[] } }>(
    viewer,
    document,
    { kind, externalId },
  );
  // Where everything comes from is asked for with the same statement as everything else.
  expect(service.statements(requestId)).toHaveLength(1);
  return data?.entitlements.features.find((feature) => feature.key === key);
}

describe('a grant', () => {
  test('comes on top, says who gave it and why, and ends by itself', async () => {
    const customer = await newCustomer();
    const until = '2026-07-01T00:00:00.000Z';
    const { grant, userErrors } = await call('grantEntitlement', {
      deployment: customer.deployment,
      featureKey: 'storage',
      quantity: 5,
      until,
    });
    expect(userErrors).toEqual([]);
    expect(grant).toMatchObject({
      mode: 'ADDS',
      featureName: 'Storage in GiB',
      featureKind: 'LIMIT',
      quantity: 5,
      from: now.toISOString(),
      until,
      reason: 'Goodwill after the outage',
      grantedBy: 'internal:ada',
      deployment: { externalId: customer.deployment.externalId },
      account: null,
    });
    expect(await featureOf('storage', customer, ada as never)).toMatchObject({
      limit: 15,
      explain: [
        {
          kind: 'PLAN',
          code: 'PREMIUM',
          name: 'Premium',
          quantity: 10,
          reason: null,
          until: '2027-01-01T00:00:00.000Z',
        },
        { kind: 'GRANT', code: grant?.['id'], quantity: 5, until, reason: 'Goodwill after the outage' },
      ],
    });
    try {
      clock.at = new Date(until);
      expect(await featureOf('storage', customer)).toMatchObject({ limit: 10, explain: [{ kind: 'PLAN' }] });
    } finally {
      clock.at = now;
    }
  });

  test('for an account holds for each of its deployments, for each by itself', async () => {
    const accountId = randomUUID();
    const [one, other] = [newSubscription({}, { accountId }), newSubscription({}, { accountId })];
    for (const subscription of [one, other]) await deliverSubscription(service, subscription);
    await grantAccount(service, accountId);
    const { grant } = await call('grantEntitlement', {
      accountId: accountId.toUpperCase(),
      featureKey: 'compute',
      quantity: 500,
      priority: 1,
    });
    expect(grant).toMatchObject({ account: { id: accountId }, deployment: null, priority: 1 });
    for (const { deployment } of [one, other]) {
      const customer = { subscription: one, deployment, viewer: productViewer(accountId) };
      expect(await featureOf('compute', customer)).toMatchObject({ remaining: 10_500, quota: 10_000 });
    }
  });

  test('is revoked once, and stays on record', async () => {
    const customer = await newCustomer();
    const given = await call('grantEntitlement', {
      deployment: customer.deployment,
      featureKey: 'storage',
      unlimited: true,
    });
    expect(await featureOf('storage', customer)).toMatchObject({ limit: null });
    const grantId = given.grant?.['id'];
    const input = { idempotencyKey: randomUUID(), grantId, reason: 'By mistake' };
    const revoked = await call('revokeEntitlementGrant', input);
    expect(revoked.grant).toMatchObject({
      revokedAt: now.toISOString(),
      revokedBy: 'internal:ada',
      revocationReason: 'By mistake',
    });
    expect(await call('revokeEntitlementGrant', input)).toEqual(revoked);
    expect(await featureOf('storage', customer)).toMatchObject({ limit: 10 });
    expect(await call('revokeEntitlementGrant', { grantId })).toMatchObject({
      userErrors: [{ code: 'GRANT_REVOKED' }],
    });
    const document = `query ($id: ID!) { deployment(id: $id) { entitlementGrants { id reason revokedBy } } }`;
    const record = await service.query(ada, document, { id: customer.subscription.deployment.id });
    expect(record.data).toEqual({
      deployment: {
        entitlementGrants: [{ id: grantId, reason: 'Goodwill after the outage', revokedBy: 'internal:ada' }],
      },
    });
    const told = (await service.promised('licenses.entitlement-grant')).filter(
      ({ aggregateId }) => aggregateId === grantId,
    );
    expect(told.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });
});

test('an override stands in the place of everything, until it is revoked', async () => {
  const customer = await newCustomer();
  const { deployment } = customer;
  await call('grantEntitlement', { deployment, featureKey: 'storage', quantity: 5 });
  const { grant } = await call('setEntitlementOverride', { deployment, featureKey: 'storage', quantity: 3 });
  expect(grant).toMatchObject({ mode: 'REPLACES' });
  expect(await featureOf('storage', customer)).toMatchObject({
    limit: 3,
    source: 'PREMIUM',
    explain: [
      { kind: 'OVERRIDE', applies: true },
      { kind: 'PLAN', applies: false },
      { kind: 'GRANT', applies: false },
    ],
  });
  await call('setEntitlementOverride', { deployment, featureKey: 'issues', enabled: false });
  expect(await featureOf('issues', customer)).toMatchObject({ enabled: false });
  await call('revokeEntitlementGrant', { grantId: grant?.['id'] });
  expect(await featureOf('storage', customer)).toMatchObject({ limit: 15 });
});

describe('bad input', () => {
  test.each([
    ['grantEntitlement', { featureKey: 'unheard-of', quantity: 1 }, 'FEATURE_NOT_FOUND', 'featureKey'],
    ['grantEntitlement', { featureKey: 'storage' }, 'INVALID_VALUE', 'quantity'],
    [
      'grantEntitlement',
      { featureKey: 'storage', quantity: 1, from: '2026-06-15T11:59:59Z' },
      'INVALID_VALUE',
      'from',
    ],
    ['grantEntitlement', { featureKey: 'storage', quantity: 1, until: now }, 'INVALID_VALUE', 'until'],
    ['grantEntitlement', { featureKey: 'storage', quantity: 1, reason: '' }, 'INVALID_VALUE', 'reason'],
    [
      'grantEntitlement',
      { featureKey: 'storage', quantity: 1, accountId: randomUUID() },
      'INVALID_VALUE',
      'deployment',
    ],
    [
      'grantEntitlement',
      { featureKey: 'storage', quantity: 1, deployment: null },
      'INVALID_VALUE',
      'deployment',
    ],
    [
      'grantEntitlement',
      { featureKey: 'storage', quantity: 1, deployment: null, accountId: randomUUID() },
      'ACCOUNT_NOT_FOUND',
      'accountId',
    ],
    [
      'grantEntitlement',
      { featureKey: 'storage', quantity: 1, deployment: { kind: 'DEDICATED_TENANT', externalId: 'nobody' } },
      'DEPLOYMENT_NOT_FOUND',
      'deployment',
    ],
    ['grantEntitlement', { featureKey: 'stor\u0000age', quantity: 1 }, 'INVALID_VALUE', 'featureKey'],
    ['setEntitlementOverride', { featureKey: 'issues' }, 'INVALID_VALUE', 'enabled'],
    ['setEntitlementOverride', { featureKey: 'compute', quantity: -1 }, 'INVALID_VALUE', 'quantity'],
  ] as const)('%s %j', async (name, input, code, field) => {
    const { deployment } = await newCustomer();
    const before = await service.rows('SELECT count(*) FROM entitlement_grant');
    expect(await call(name, { deployment, ...input })).toMatchObject({
      grant: null,
      userErrors: [{ code, field: [field] }],
    });
    expect(await service.rows('SELECT count(*) FROM entitlement_grant')).toEqual(before);
  });

  test('a grant that does not exist', async () => {
    for (const grantId of [randomUUID(), 'nothing']) {
      expect(await call('revokeEntitlementGrant', { grantId })).toMatchObject({
        userErrors: [{ code: 'GRANT_NOT_FOUND', field: ['grantId'] }],
      });
    }
  });

  test('nobody but the company gives, nor sees who gave what', async () => {
    const { subscription, deployment } = await newCustomer();
    const scopes = ['licenses:read', 'licenses:write'];
    const customer = productViewer(subscription.accountId, { scopes });
    for (const viewer of [
      customer,
      partnerViewer(randomUUID(), { scopes }),
      internalViewer({ scopes: [] }),
    ]) {
      const { errors } = await call(
        'grantEntitlement',
        { deployment, featureKey: 'storage', quantity: 1 },
        viewer,
      );
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    await call('grantEntitlement', { deployment, featureKey: 'storage', quantity: 1 });
    const document = `query ($id: ID!) { deployment(id: $id) { entitlementGrants { reason } } }`;
    const { data } = await service.query(customer, document, { id: subscription.deployment.id });
    expect(data).toEqual({ deployment: { entitlementGrants: [] } });
  });
});
