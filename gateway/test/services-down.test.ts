import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type Answer, type TestGateway } from './kit/gateway.js';

const operation = await readFile(
  new URL('../../schema/operations/product/Entitlements.graphql', import.meta.url),
  'utf8',
);
const serviceNames = ['orders', 'subscriptions', 'licenses', 'partners'] as const;
const variables = { deploymentKind: 'SAAS_NAMESPACE', externalId: 'acme' };

describe('product/Entitlements while services fail', () => {
  let gateway: TestGateway;
  let whole: Answer;

  beforeAll(async () => {
    gateway = await startTestGateway({ timeoutMs: 1_000 });
    whole = await gateway.ask(gateway.tokens.product, operation, variables);
  });
  afterEach(() => Object.values(gateway.services).forEach((service) => service.behave('answer')));
  afterAll(() => gateway.close());

  it('answers whole while all are up', () => {
    expect(whole.errors).toBeUndefined();
    expect(whole.data).toMatchObject({
      entitlements: { plan: { name: 'Product PREMIUM' }, upsells: [{ reason: 'SEATS_NEARLY_FULL' }] },
      currentAccount: { name: 'Acme', subscriptions: { nodes: [{ partnerOfRecord: { name: 'Reseller' } }] } },
    });
  });

  it('asks three services once: orders for all that licenses brought, nobody for the account and its partner but subscriptions', async () => {
    const { services, tokens } = gateway;
    const before = new Map(serviceNames.map((name) => [name, services[name].asked.length]));
    const asked = () =>
      Object.fromEntries(
        serviceNames.map((name) => [name, services[name].asked.length - (before.get(name) ?? 0)]),
      );
    const { reached, release } = services.subscriptions.hold();
    const answer = gateway.ask(tokens.product, operation, variables);
    await reached;
    await expect.poll(asked).toEqual({ licenses: 1, orders: 1, subscriptions: 1, partners: 0 });
    expect(services.orders.asked.at(-1)?.query).toMatch(/upsells[^]*\bname rank\b|\bname rank\b[^]*upsells/);
    release();
    expect((await answer).data).toEqual(whole.data);
    expect(asked()).toEqual({ licenses: 1, orders: 1, subscriptions: 1, partners: 0 });
  });

  const plan = { name: 'Product PREMIUM' };
  /** What the other two still answer while one is down, and which fields are null. */
  const stillAnswered = {
    orders: {
      entitlements: { planCode: 'PREMIUM', plan: null, upsells: null, seats: { used: 9 } },
      currentAccount: { name: 'Acme', subscriptions: { nodes: [{ number: 'S-00000001' }] } },
    },
    subscriptions: { entitlements: { plan, upsells: [{}], seats: { used: 9 } }, currentAccount: null },
    licenses: {
      entitlements: null,
      currentAccount: { name: 'Acme', subscriptions: { nodes: [{ number: 'S-00000001' }] } },
    },
  };

  const namesOfAsked = [
    'orders',
    'subscriptions',
    'licenses',
  ] as const satisfies (keyof typeof stillAnswered)[];

  describe.each([
    ['hang up', 'SERVICE_UNAVAILABLE'],
    ['hang', 'SERVICE_TIMEOUT'],
    [{ status: 200, body: 'no json' }, 'SERVICE_BAD_RESPONSE'],
    [{ status: 200, body: '{"data":"no object"}' }, 'SERVICE_BAD_RESPONSE'],
    [{ status: 503, body: 'down for a while' }, 'SERVICE_UNAVAILABLE'],
    [
      { status: 401, body: '{"errors":[{"message":"who?","extensions":{"code":"UNAUTHENTICATED"}}]}' },
      'SERVICE_BAD_RESPONSE',
    ],
  ] as const)('a service that answers %j costs its own fields alone, with one error %s', (behavior, code) => {
    it.each(namesOfAsked)('%s', async (name) => {
      gateway.services[name].behave(behavior);
      const answer = await gateway.ask(gateway.tokens.product, operation, variables);
      expect(answer.status).toBe(200);
      expect(answer.errors).toEqual([
        {
          message: `The ${name} service did not answer; its fields are null.`,
          extensions: { code, service: name },
        },
      ]);
      expect(answer.data).toMatchObject(stillAnswered[name]);
    });
  });

  it('a partners service that hangs up costs nothing', async () => {
    gateway.services.partners.behave('hang up');
    const { data, errors } = await gateway.ask(gateway.tokens.product, operation, variables);
    expect({ data, errors }).toEqual({ data: whole.data, errors: undefined });
  });

  it('the same holds when nothing listens at its address, and /health/ready says which it is', async () => {
    const name = 'orders';
    const other = await startTestGateway();
    await other.services[name].stop();
    const answer = await other.ask(other.tokens.product, operation, variables);
    expect(answer.errors).toEqual([
      {
        message: `The ${name} service did not answer; its fields are null.`,
        extensions: { code: 'SERVICE_UNAVAILABLE', service: name },
      },
    ]);
    expect(answer.data).toMatchObject(stillAnswered[name]);
    const { services } = (await other.send({}, '/health/ready')) as unknown as {
      services: { name: string; status: string }[];
    };
    expect(services.filter(({ status }) => status === 'down').map((service) => service.name)).toEqual([name]);
    await other.close();
  });
});
