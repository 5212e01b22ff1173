import type { ApolloServerPlugin } from '@apollo/server';
import { changesChannel } from '@fulfillment/schema/events/cache-tags';
import { cloneBus } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayContext } from '../src/context.js';
import { startTestGateway, type TestGateway } from './kit/gateway.js';
import { accountId, claims } from './kit/identity.js';

const database = await cloneBus();
const client = new pg.Client({ connectionString: database.url });
await client.connect();

const variables = { CHANGES_DATABASE_URL: database.url, SAFELIST_PRODUCT: 'off' };
const query = `{
  currentAccount { id name }
  entitlements(deploymentKind: SAAS_NAMESPACE, externalId: "acme") { plan { name } }
}`;

async function startKeeping(options: Parameters<typeof startTestGateway>[0] = {}) {
  const gateway = await startTestGateway({ variables, ...options });
  for (const service of Object.values(gateway.services)) {
    service.tellFreshness({ holdsForMs: null, dependsOn: [`account:${accountId}`] });
  }
  await heard(gateway);
  return gateway;
}

/** Until changes are heard of. */
const heard = ({ lines }: TestGateway) =>
  vi.waitFor(
    () => expect(lines.map(({ msg }) => msg)).toContain('Changes are heard of: answers are kept'),
    10_000,
  );

/** How often services were asked for something. */
async function asked(gateway: TestGateway, ask: () => Promise<unknown>): Promise<number> {
  const count = () => Object.values(gateway.services).reduce((sum, { asked: { length } }) => sum + length, 0);
  const before = count();
  await ask();
  return count() - before;
}

const change = async (service: string, tag: string) => {
  const notice = JSON.stringify({ service, id: `${Math.random()}`, tags: [tag] });
  await client.query('SELECT pg_notify($1, $2)', [changesChannel, notice]);
};

let gateway: TestGateway;
let plugged: TestGateway;
let seen = 0;
const counting: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body } }) => {
      seen += 1;
      if (body.kind === 'single') body.singleResult.extensions = { seen };
    },
  }),
};

beforeAll(async () => {
  [gateway, plugged] = await Promise.all([startKeeping(), startKeeping({ plugins: [counting] })]);
});
afterAll(async () => {
  await Promise.all([gateway.close(), plugged.close()]);
  await client.end();
});

const sign = (more: Readonly<Record<string, unknown>>) =>
  gateway.identity.key.sign({ ...claims.product(), ...more });

describe('a whole answer that is kept', () => {
  let token: string;
  beforeEach(async () => {
    token = await sign({});
    await vi.waitFor(async () => {
      if ((await asked(gateway, () => gateway.ask(token, query))) > 0) throw new Error('not kept yet');
    }, 10_000);
  });

  it.each([
    ['another account', { account: '99999999-9999-4999-8999-999999999999' }],
    ['a deployment of the account', { deployment: '33333333-3333-4333-8333-333333333333' }],
    ['fewer scopes', { scope: 'entitlements:read' }],
    ['more scopes', { scope: 'entitlements:read orders:place billing:read' }],
  ])('is not shown to a token with %s', async (_what, more) => {
    const other = await sign(more);
    const cold = await asked(gateway, () => gateway.ask(other, query));
    expect(cold).toBeGreaterThan(0);
  });

  it('is the same for another person of the account, and for the same scopes in another order', async () => {
    expect(await asked(gateway, async () => gateway.ask(await sign({ sub: 'other' }), query))).toBe(0);
    const scope = 'orders:place entitlements:read';
    expect(await asked(gateway, async () => gateway.ask(await sign({ scope }), query))).toBe(0);
  });

  it('is not shown to another audience, for which the field is unknown', async () => {
    const { status, errors } = await gateway.ask(gateway.tokens.internal, query);
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('has its own request id, and nothing of how it came to be', async () => {
    const [one, other] = [await gateway.ask(token, query), await gateway.ask(token, query)];
    expect(one.text).toBe(other.text);
    expect(Object.keys(JSON.parse(one.text) as object)).toEqual(['data']);
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
  });

  const send = (body: object) =>
    gateway.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, ...body }),
    });

  it('is no answer to an operation of another name', async () => {
    for (const operationName of ['', 'Other']) {
      expect((await send({ operationName })).status).toBe(400);
    }
  });

  it('is no answer to a request with notes of its own, and gets none of them', async () => {
    const told = await send({ extensions: { cost: true } });
    expect(told.extensions).toMatchObject({ cost: { actual: expect.any(Number) } });
    expect((await send({})).extensions).toBeUndefined();
  });

  it.each([['subscriptions'], ['orders']])(
    'ends when %s tells of a change of the account',
    async (service) => {
      await change(service, `account:${accountId}`);
      await vi.waitFor(async () => {
        expect(await asked(gateway, () => gateway.ask(token, query))).toBeGreaterThan(0);
      }, 10_000);
    },
  );

  it('ends when changes are no longer heard of', async () => {
    const already = gateway.lines.length;
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'gateway' AND datname = current_database()`,
    );
    await vi.waitFor(() => {
      const messages = gateway.lines.slice(already).map(({ msg }) => msg);
      expect(messages).toContain('Changes are heard of: answers are kept');
    }, 10_000);
    expect(await asked(gateway, () => gateway.ask(token, query))).toBeGreaterThan(0);
  });
});

it('tells each of those who are answered together what is stale, and what it cost', async () => {
  const time = { now: Date.now() };
  const own = await startKeeping({ now: () => time.now });
  const { licenses } = own.services;
  licenses.tellFreshness({ holdsForMs: 1_000, dependsOn: [`account:${accountId}`] });
  const entitled = '{ entitlements(deploymentKind: SAAS_NAMESPACE, externalId: "acme") { planCode } }';
  const ask = () => own.ask(own.tokens.product, entitled);
  const fresh = await ask();
  time.now += 5_000;
  licenses.behave('hang');
  const before = licenses.asked.length;
  const together = [ask(), ask()];
  await expect.poll(() => licenses.asked.length - before).toBe(1);
  const stranger = await own.identity.key.sign({ ...claims.product(), sub: 'stranger' });
  // The stranger's own request shows that those that came before it have been looked at.
  together.push(own.ask(stranger, entitled));
  await expect.poll(() => licenses.asked.length - before).toBe(2);
  licenses.finishHanging();
  for (const { data, text } of await Promise.all(together)) {
    expect(data).toEqual(fresh.data);
    expect(JSON.parse(text)).toMatchObject({
      extensions: { stale: [{ service: 'licenses', ageSeconds: 5 }] },
    });
  }
  expect(licenses.asked.length - before).toBe(2);
  await expect.poll(() => own.lines.filter(({ msg }) => msg === 'request')).toHaveLength(4);
  const costs = own.lines.filter(({ msg }) => msg === 'request').map(({ cost }) => cost);
  expect(costs).toEqual([costs[0], costs[0], costs[0], costs[0]]);
  expect(costs[0]).toMatchObject({ actual: 1 });
  await own.close();
});

it('keeps no answer with an error', async () => {
  const token = await sign({ sub: 'errors', account: '88888888-8888-4888-8888-888888888888' });
  gateway.services.subscriptions.behave('hang up');
  const failed = await gateway.ask(token, query);
  expect(failed.errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE');
  gateway.services.subscriptions.behave('answer');
  expect((await gateway.ask(token, query)).errors).toBeUndefined();
});

it('shows each request to the plugins that somebody added, so that nobody gets what they made for another one', async () => {
  const token = await plugged.identity.key.sign(claims.product());
  const answers = [];
  for (let time = 0; time < 3; time += 1) answers.push((await plugged.ask(token, query)).extensions);
  expect(new Set(answers.map((extensions) => extensions?.['seen'])).size).toBe(3);
});

it('starts, answers and says once that nothing is kept when the bus cannot be reached', async () => {
  const lonely = await startTestGateway({
    variables: { ...variables, CHANGES_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' },
  });
  const token = await lonely.identity.key.sign(claims.product());
  await vi.waitFor(() => expect(lonely.lines.some(({ event }) => event === 'cache')).toBe(true), 10_000);
  expect((await lonely.ask(token, query)).errors).toBeUndefined();
  expect(await asked(lonely, () => lonely.ask(token, query))).toBeGreaterThan(0);
  expect(lonely.lines.filter(({ event }) => event === 'cache')).toHaveLength(1);
  await lonely.close();
});
