import type { ServiceName } from '@fulfillment/schema/events/topics';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import { startSeededSystem } from '../kit/seeded-system.js';

const system = await startSeededSystem(120);
const { accountId, deployment } = system.demo.product;
const token = { audience: 'product', account: accountId } as const;

let stopped: ServiceName | null = null;
const stop = async (name: ServiceName) => {
  await system.stopService(name);
  stopped = name;
};
afterEach(async () => {
  if (stopped) await system.startService(stopped);
  stopped = null;
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

describe('while one service is down, its own fields are null and the others answer', () => {
  it('orders', async () => {
    await stop('orders');
    const { data, errors } = await ask();
    expect(data?.entitlements).toEqual(licensed);
    expect(data?.entitlements).toMatchObject({ upsells: null });
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
    const subscriptions = data?.currentAccount?.subscriptions?.nodes ?? [];
    expect(subscriptions.length).toBeGreaterThan(0);
    expectDown(errors, 'partners');
  });
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
