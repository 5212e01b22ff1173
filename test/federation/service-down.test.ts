import type { ServiceName } from '@fulfillment/schema/events/topics';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import { startSeededSystem } from '../kit/seeded-system.js';

const system = await startSeededSystem(120);
const { accountId, deployment } = system.demo.product;
const token = { audience: 'product', account: accountId } as const;

const stopped: ServiceName[] = [];
const stop = async (name: ServiceName) => {
  await system.stopService(name);
  stopped.push(name);
};
afterEach(async () => {
  for (const name of stopped.splice(0)) await system.startService(name);
});

interface Answer {
  entitlements: Record<string, unknown> | null;
  currentAccount: { name: string | null; subscriptions: { nodes: Record<string, unknown>[] } | null } | null;
}

const ask = () =>
  system.graphql<Answer>(token, clientOperation('product/Entitlements'), {
    deploymentKind: deployment.kind,
    externalId: deployment.externalId,
  });

const licensed = expect.objectContaining({
  planCode: 'PREMIUM',
  seats: expect.any(Object),
  features: expect.any(Array),
});

describe('while one service is down, what it alone knows is null and the others answer', () => {
  it('orders', async () => {
    await stop('orders');
    const { data, errors } = await ask();
    expect(data?.entitlements).toEqual(licensed);
    expect(data?.entitlements).toMatchObject({ upsells: null });
    expect(data?.currentAccount?.name).toBe(system.demo.product.accountName);
    expect(data?.currentAccount?.subscriptions?.nodes.length).toBeGreaterThan(0);
    expectDown(errors, 'orders');
  });

  it('subscriptions', async () => {
    await stop('subscriptions');
    const { data, errors } = await ask();
    expect(data?.entitlements).toEqual(licensed);
    expect(data?.entitlements).toMatchObject({
      plan: { name: 'Premium' },
      upsells: [{ product: { code: 'COMPUTE_MINUTES' } }],
    });
    expect(data?.currentAccount).toBeNull();
    expectDown(errors, 'subscriptions');
  });

  it('licenses', async () => {
    await stop('licenses');
    const { data, errors } = await ask();
    expect(data?.entitlements).toBeNull();
    expect(data?.currentAccount?.name).toBe(system.demo.product.accountName);
    expect(data?.currentAccount?.subscriptions?.nodes.length).toBeGreaterThan(0);
    expectDown(errors, 'licenses');
  });

  it('partners', async () => {
    await stop('partners');
    const { data, errors } = await ask();
    expect(data?.entitlements).toEqual(licensed);
    expect(data?.entitlements).toMatchObject({ upsells: [{ product: { code: 'COMPUTE_MINUTES' } }] });
    expect(data?.currentAccount?.subscriptions?.nodes).toContainEqual(
      expect.objectContaining({
        partnerOfRecord: expect.objectContaining({ name: system.demo.partner.partnerName }),
      }),
    );
    expect(errors).toEqual([]);
  });
});

it('with all others down, the entitlements answer from what licenses knows, and say as of when; many at once too', async () => {
  for (const name of ['orders', 'subscriptions', 'partners'] as const) await stop(name);
  const { data, errors } = await ask();
  expect(data?.entitlements).toEqual(licensed);
  expect(data?.entitlements).toMatchObject({ upsells: null, plan: null });
  expect(data?.currentAccount).toBeNull();
  for (const { extensions } of errors) expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });

  const document = `query ($deployments: [DeploymentReferenceInput!]!, $kind: DeploymentKind!, $externalId: String!) {
    entitlements(deploymentKind: $kind, externalId: $externalId) { asOf }
    entitlementsOf(deployments: $deployments) { planCode asOf features { key } }
    entitlementToken(deploymentKind: $kind, externalId: $externalId) { token }
  }`;
  const { kind, externalId } = deployment;
  const many = await system.graphql(token, document, {
    kind,
    externalId,
    deployments: [
      { kind, externalId },
      { kind, externalId: 'nobody' },
    ],
  });
  const asOf = expect.stringMatching(/^20\d\d-/) as string;
  expect(many.data).toEqual({
    entitlements: { asOf },
    entitlementsOf: [{ planCode: 'PREMIUM', asOf, features: expect.any(Array) }, null],
    entitlementToken: { token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) },
  });
  expect(many.errors).toMatchObject([
    { path: ['entitlementsOf', 1], extensions: { code: 'DEPLOYMENT_NOT_FOUND' } },
  ]);
});

function expectDown(
  errors: readonly { message: string; extensions: Record<string, unknown> }[],
  service: ServiceName,
) {
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, extensions } of errors) {
    expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', service });
    expect(extensions).not.toHaveProperty('stacktrace');
    expect(message).not.toMatch(/127\.0\.0\.1|ECONN|localhost/);
  }
}
