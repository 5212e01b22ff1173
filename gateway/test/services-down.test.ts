import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serviceNames } from '../src/subgraph-client/service.js';
import { startTestGateway, type Answer, type TestGateway } from './kit/gateway.js';

const operation = await readFile(
  new URL('../../schema/operations/product/Entitlements.graphql', import.meta.url),
  'utf8',
);
const variables = { deploymentKind: 'SAAS_NAMESPACE', externalId: 'acme' };

describe('product/Entitlements while services fail', () => {
  let gateway: TestGateway;
  let whole: Answer;

  beforeAll(async () => {
    gateway = await startTestGateway({ timeoutMs: 300 });
    whole = await gateway.ask(gateway.tokens.product, operation, variables);
  });
  afterEach(() => Object.values(gateway.services).forEach((service) => service.behave('answer')));
  afterAll(() => gateway.close());

  it('answers whole while all four are up', () => {
    expect(whole.errors).toBeUndefined();
    expect(whole.data).toMatchObject({
      entitlements: {
        plan: { name: 'Product PREMIUM' },
        account: { name: 'Acme' },
        subscription: { number: 'S-00000001', partnerOfRecord: { name: 'Reseller' } },
        upsells: [{ reason: 'SEATS_NEARLY_FULL' }],
      },
      currentAccount: { name: 'Acme', subscriptions: { nodes: [{ partnerOfRecord: { name: 'Reseller' } }] } },
    });
    for (const name of serviceNames) expect(gateway.services[name].asked.length).toBeGreaterThan(0);
  });

  /** What the other three still answer while one is down: paths into `data`, with their values. */
  const stillAnswered = {
    orders: {
      entitlements: {
        plan: null,
        upsells: null,
        account: null,
        subscription: { number: 'S-00000001', plan: null },
      },
      currentAccount: null,
    },
    subscriptions: {
      entitlements: {
        plan: { name: 'Product PREMIUM' },
        subscription: null,
        upsells: [{}],
        account: { name: 'Acme' },
      },
      currentAccount: null,
    },
    licenses: {
      entitlements: null,
      currentAccount: { name: 'Acme', subscriptions: { nodes: [{ number: 'S-00000001' }] } },
    },
    partners: {
      entitlements: {
        plan: { name: 'Product PREMIUM' },
        subscription: { partnerOfRecord: null },
        upsells: [{}],
      },
      currentAccount: { subscriptions: { nodes: [{ partnerOfRecord: null }] } },
    },
  };

  it.each([
    ['hang up', 'SERVICE_UNAVAILABLE'],
    ['hang', 'SERVICE_TIMEOUT'],
    [{ status: 200, body: 'no json' }, 'SERVICE_BAD_RESPONSE'],
    [{ status: 200, body: '{"data":"no object"}' }, 'SERVICE_BAD_RESPONSE'],
    [{ status: 503, body: 'down for a while' }, 'SERVICE_UNAVAILABLE'],
    [
      { status: 401, body: '{"errors":[{"message":"who?","extensions":{"code":"UNAUTHENTICATED"}}]}' },
      'SERVICE_BAD_RESPONSE',
    ],
  ] as const)(
    'a service that answers %o costs its own fields alone, with one error %s',
    async (behavior, code) => {
      for (const name of serviceNames) {
        gateway.services[name].behave(behavior);
        const answer = await gateway.ask(gateway.tokens.product, operation, variables);
        gateway.services[name].behave('answer');
        expect(answer.status, name).toBe(200);
        expect(answer.errors, name).toEqual([
          {
            message: `The ${name} service did not answer; its fields are null.`,
            extensions: { code, service: name },
          },
        ]);
        expect(answer.data, name).toMatchObject(stillAnswered[name]);
      }
    },
  );

  it.each(serviceNames)('the same holds when nothing listens where %s should be', async (name) => {
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
