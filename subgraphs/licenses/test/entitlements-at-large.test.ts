import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeAll, describe, expect, test } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import { tellDueGraceEnds } from '../src/service/tell-grace-ends.js';
import {
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newSubscription,
  now,
} from './facts.js';

const clock = { at: now };
const service = await startServiceHarness(licensesDefinition, {
  clock: { now: async () => clock.at },
  periodic: false,
});
const { transaction } = await openUnitOfWork(licensesDefinition, service.databaseUrl, {
  now: async () => clock.at,
});
beforeAll(() => deliverProducts(service));

async function newCustomer(accountId: string = randomUUID()) {
  const subscription = newSubscription({}, { accountId });
  await deliverSubscription(service, subscription);
  await grantAccount(service, accountId);
  const { kind, externalId } = subscription.deployment;
  return { subscription, reference: { kind, externalId }, viewer: productViewer(accountId) };
}

describe('entitlementsOf', () => {
  const document = `query ($deployments: [DeploymentReferenceInput!]!) {
    entitlementsOf(deployments: $deployments) { deploymentId planCode features { key ... on OnOffFeature { explain { code } } } } }`;

  test('many at once in one statement, each with its own outcome', async () => {
    const customer = await newCustomer();
    const second = await newCustomer(customer.subscription.accountId);
    const strangers = await newCustomer();
    const nobody = { kind: 'SAAS_NAMESPACE', externalId: 'nobody' };
    const deployments = [second.reference, nobody, customer.reference, strangers.reference, second.reference];
    const { data, errors, requestId } = await service.query<{ entitlementsOf: unknown[] }>(
      customer.viewer,
      document,
      { deployments },
    );
    const of = ({ subscription }: typeof customer) =>
      expect.objectContaining({ deploymentId: subscription.deployment.id, planCode: 'PREMIUM' });
    expect(data?.entitlementsOf).toEqual([of(second), null, of(customer), null, of(second)]);
    expect(errors).toMatchObject(
      [1, 3].map((place) => ({
        path: ['entitlementsOf', place],
        extensions: { code: 'DEPLOYMENT_NOT_FOUND' },
      })),
    );
    expect(service.statements(requestId)).toHaveLength(1);
  });

  test('1 to 100', async () => {
    const { reference, viewer } = await newCustomer();
    for (const count of [0, 101]) {
      const deployments = Array.from({ length: count }, () => reference);
      const { errors } = await service.query(viewer, document, { deployments });
      expect(errors).toMatchObject([{ extensions: { code: 'ARGUMENT_INVALID', field: 'deployments' } }]);
    }
    const deployments = Array.from({ length: 100 }, () => reference);
    expect((await service.query(viewer, document, { deployments })).errors).toEqual([]);
  });
});

test('asOf is when the newest change of contract or price list was made that arrived', async () => {
  const { subscription, viewer, reference } = await newCustomer();
  const ask = async () => {
    const text = `query ($kind: DeploymentKind!, $externalId: String!) {
      entitlements(deploymentKind: $kind, externalId: $externalId) { asOf } }`;
    return (await service.query<{ entitlements: { asOf: string } }>(viewer, text, reference)).data
      ?.entitlements.asOf;
  };
  const product = {
    code: 'PREMIUM',
    name: 'Premium',
    kind: 'PLAN' as const,
    rank: 1,
    features: [{ key: 'issues', name: 'Issues', kind: 'ON_OFF' as const, quantity: null }],
  };
  const tell = (day: string, sequence: number) =>
    service.deliver('orders.product', product, {
      aggregateId: 'PREMIUM',
      sequence,
      occurredAt: new Date(day),
    });
  await tell('2030-02-01T00:00:00Z', 12);
  expect(await ask()).toBe('2030-02-01T00:00:00.000Z');
  // What is older than what is known changes nothing.
  await tell('2030-01-01T00:00:00Z', 11);
  expect(await ask()).toBe('2030-02-01T00:00:00.000Z');
  await service.deliver('subscriptions.billing-subscription', subscription, {
    aggregateId: subscription.id,
    sequence: 2,
    occurredAt: new Date('2030-03-01T00:00:00Z'),
  });
  expect(await ask()).toBe('2030-03-01T00:00:00.000Z');
});

describe('entitlementToken', () => {
  const document = `query ($kind: DeploymentKind!, $externalId: String!) {
    entitlementToken(deploymentKind: $kind, externalId: $externalId) { token expiresAt } }`;
  const ask = (viewer: Parameters<typeof service.query>[0], reference: object) =>
    service.query<{ entitlementToken: { token: string; expiresAt: string } | null }>(viewer, document, {
      ...reference,
    });
  const verify = async (token: string, at: Date) => {
    const response = await fetch(`${service.url}/.well-known/jwks.json`);
    const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
    return jwtVerify(token, keys, {
      issuer: 'fulfillment-licenses',
      audience: 'fulfillment-deployment',
      algorithms: ['EdDSA'],
      typ: 'entitlements+jwt',
      currentDate: at,
    });
  };

  test('says what the deployment may use, and the published keys alone find it valid', async () => {
    const { subscription, viewer, reference } = await newCustomer();
    const { data, requestId } = await ask(viewer, reference);
    const { token = '', expiresAt } = data?.entitlementToken ?? {};
    expect(expiresAt).toBe('2026-06-15T12:10:00.000Z');
    const { payload } = await verify(token, now);
    expect(payload).toMatchObject({
      sub: subscription.deployment.id,
      deployment: reference,
      account: subscription.accountId,
      plan: 'PREMIUM',
      trial: false,
      grace: false,
      validUntil: '2027-01-01',
      seats: { purchased: 10, used: 0, maximum: 0 },
      features: { issues: { enabled: true } },
    });
    // The entitlements, and the keys.
    expect(service.statements(requestId)).toHaveLength(2);
    await expect(verify(token, new Date('2026-06-15T12:10:01Z'))).rejects.toThrow(/exp/);
    const altered = token.replace(/\.([^.]+)\./, (_, claims: string) => {
      const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
      return `.${Buffer.from(JSON.stringify({ ...said, plan: 'ULTIMATE' })).toString('base64url')}.`;
    });
    await expect(verify(altered, now)).rejects.toThrow(/signature/);
  });

  test('never outlives what it says', async () => {
    const { viewer, reference } = await newCustomer();
    try {
      clock.at = new Date('2026-12-31T23:57:00Z');
      const { data } = await ask(viewer, reference);
      expect(data?.entitlementToken?.expiresAt).toBe('2027-01-01T00:00:00.000Z');
    } finally {
      clock.at = now;
    }
  });

  test('of another account’s deployment there is none', async () => {
    const { reference, subscription } = await newCustomer();
    const { viewer } = await newCustomer();
    const [here, nowhere] = [
      await ask(viewer, reference),
      await ask(viewer, { ...reference, externalId: 'nobody' }),
    ];
    expect(here.data).toEqual({ entitlementToken: null });
    expect(here.errors).toEqual(nowhere.errors);
    const partner = partnerViewer(randomUUID());
    await grantSubscription(service, partner.partnerId, subscription.id);
    expect((await ask(partner, reference)).errors).toEqual(nowhere.errors);
    expect((await ask(internalViewer(), reference)).errors).toEqual([]);
  });
});

describe('the end of grace', () => {
  const endsOf = async (deploymentId: string) =>
    (await service.promised('licenses.grace-ended')).filter(
      ({ payload }) => (payload as { deploymentId: string }).deploymentId === deploymentId,
    );
  const at = async (instant: string) => {
    clock.at = new Date(instant);
    while ((await transaction(tellDueGraceEnds)) > 0);
  };

  test('is told at its instant, once, by the clock and not by a query', async () => {
    const { subscription } = await newCustomer();
    const { id } = subscription.deployment;
    try {
      await at('2027-01-14T23:59:59.999Z');
      expect(await endsOf(id)).toEqual([]);
      await at('2027-01-15T00:00:00.000Z');
      await at('2027-01-16T00:00:00.000Z');
      expect(await endsOf(id)).toMatchObject([
        {
          payload: {
            accountId: subscription.accountId,
            subscriptionId: subscription.id,
            fromPlanCode: 'PREMIUM',
            toPlanCode: 'FREE',
          },
        },
      ]);
      const [row] = await service.rows<{ occurred_at: Date }>(
        `SELECT occurred_at FROM outbox WHERE topic = 'licenses.grace-ended' AND aggregate_id = $1`,
        [subscription.id],
      );
      expect(row?.occurred_at).toEqual(new Date('2027-01-15T00:00:00.000Z'));
    } finally {
      clock.at = now;
    }
  });

  test('of what was renewed meanwhile nothing is told, nor where another subscription is in force', async () => {
    const [renewed, followed] = [await newCustomer(), await newCustomer()];
    const term = { startDate: '2027-01-01', endDate: '2028-01-01', months: 12 };
    const { agreement } = renewed.subscription;
    await deliverSubscription(service, { ...renewed.subscription, agreement: { ...agreement, term } }, 2);
    const { accountId, deployment } = followed.subscription;
    await deliverSubscription(service, newSubscription({ term }, { accountId, deployment }));
    try {
      await at('2027-01-20T00:00:00.000Z');
      expect(await endsOf(renewed.subscription.deployment.id)).toEqual([]);
      expect(await endsOf(deployment.id)).toEqual([]);
      await at('2028-01-15T00:00:00.000Z');
      expect(await endsOf(renewed.subscription.deployment.id)).toHaveLength(1);
    } finally {
      clock.at = now;
    }
  });

  test('of an account on a test clock it is told when its clock comes there', async () => {
    const { subscription } = await newCustomer();
    const { accountId, deployment } = subscription;
    const advance = (instant: string, sequence: number) =>
      service.deliver(
        'subscriptions.test-clock',
        { accountId, now: instant },
        { aggregateId: accountId, sequence },
      );
    await advance('2027-01-14T00:00:00.000Z', 1);
    expect(await endsOf(deployment.id)).toEqual([]);
    await advance('2027-01-15T00:00:00.000Z', 2);
    expect(await endsOf(deployment.id)).toHaveLength(1);
    await advance('2027-02-15T00:00:00.000Z', 3);
    expect(await endsOf(deployment.id)).toHaveLength(1);
  });
});
