import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayContext } from '../src/context.js';
import { startTestGateway, type TestGateway } from './kit/gateway.js';
import { accountId, claims } from './kit/identity.js';

const heard: string[] = [];

/** Tells of every hook, marks answers, and refuses or answers operations of some names. */
const plugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart({ request }) {
    heard.push(`start ${request.operationName ?? ''}`);
    return {
      didResolveSource: async ({ queryHash }) => void heard.push(`source ${queryHash.length}`),
      didResolveOperation: async ({ operationName, operation }) => {
        heard.push(`operation ${operationName} ${operation?.operation}`);
        if (operationName === 'Refused') {
          throw new GraphQLError('Not this one.', {
            extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
          });
        }
      },
      responseForOperation: async ({ operationName, response: { http } }) =>
        operationName === 'Given'
          ? { http, body: { kind: 'single', singleResult: { data: { given: true } } } }
          : null,
      executionDidStart: async () => {
        heard.push('execution');
        return { executionDidEnd: async () => void heard.push('executed') };
      },
      didEncounterErrors: async ({ errors }) => void heard.push(`errors ${errors.length}`),
      willSendResponse: async ({ response, operationName }) => {
        heard.push('send');
        response.http.headers.set('x-plugin', 'was here');
        if (response.body.kind !== 'single' || operationName !== 'Changed') return;
        const { singleResult } = response.body;
        (singleResult.data as { accounts: unknown }).accounts = 'changed';
        singleResult.extensions = { changed: true };
      },
    };
  },
};

/** Another form of the same request, which the server itself answers. */
const byServer = { accept: 'application/json;q=0.9' };

let gateway: TestGateway;
let plain: TestGateway;

beforeAll(async () => {
  [gateway, plain] = await Promise.all([startTestGateway({ plugins: [plugin] }), startTestGateway()]);
});
beforeEach(() => heard.splice(0));
afterAll(async () => {
  await Promise.all([gateway.close(), plain.close()]);
});

const operations = {
  Whole: 'query Whole { accounts { nodes { id name } } }',
  Faulty: 'query Faulty { orders(filter: { accountId: "fault" }) { totalCount } }',
  Refused: 'query Refused { accounts { totalCount } }',
  Given: 'query Given { accounts { totalCount } }',
  Changed: 'query Changed { accounts { totalCount } }',
};

describe('with and without the server', () => {
  it.each(Object.keys(operations) as (keyof typeof operations)[])(
    '%s is answered alike, with the same hooks in the same order',
    async (name) => {
      const ask = async (headers: Record<string, string>) => {
        heard.splice(0);
        const answer = await gateway.ask(gateway.tokens.internal, operations[name], undefined, headers);
        const { status, data, errors } = answer;
        const { extensions } = JSON.parse(answer.text) as { extensions?: unknown };
        const plugin = answer.headers.get('x-plugin');
        return {
          status,
          data,
          errors,
          extensions,
          plugin: name === 'Refused' ? null : plugin,
          heard: [...heard],
        };
      };
      await ask(byServer); // which parses it, once
      const slow = await ask(byServer);
      const fast = await ask({});
      expect({ ...fast, plugin: null }).toEqual({ ...slow, plugin: null });
      expect(fast.heard.at(-1)).toBe('send');
      if (name !== 'Refused') expect([fast.plugin, slow.plugin]).toEqual(['was here', 'was here']);
    },
  );

  it('a plugin may change the data of an answer', async () => {
    const answer = await gateway.ask(gateway.tokens.internal, operations.Changed);
    expect(JSON.parse(answer.text)).toEqual({ data: { accounts: 'changed' }, extensions: { changed: true } });
  });

  it('a request by GET is answered alike', async () => {
    const query = encodeURIComponent('query ($first: Int) { accounts(first: $first) { totalCount } }');
    const get = (accept: string) =>
      gateway.send(
        {
          headers: {
            authorization: `Bearer ${gateway.tokens.internal}`,
            accept,
            'apollo-require-preflight': '1',
          },
        },
        `/graphql?query=${query}&variables=${encodeURIComponent('{"first":1}')}`,
      );
    expect((await get('*/*')).text).toBe((await get(byServer.accept)).text.trimEnd());
  });
});

describe('equal queries at the same moment', () => {
  const query = '{ accounts { nodes { id name } } }';

  it('are executed once for one viewer', async () => {
    const { orders } = plain.services;
    const before = orders.asked.length;
    const { reached, release } = orders.hold();
    const first = plain.ask(plain.tokens.internal, query);
    await reached;
    const others = Array.from({ length: 5 }, () => plain.ask(plain.tokens.internal, query));
    await expect.poll(() => others.length).toBe(5);
    const token = await plain.identity.key.sign(claims.internal('accounts:read'));
    const stranger = plain.ask(token, query);
    // The stranger's own request shows that those that came before it have been looked at.
    await expect.poll(() => orders.asked.length - before).toBe(2);
    release();
    const answers = await Promise.all([first, ...others, stranger]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(orders.asked.length - before).toBe(2);
    expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(7);
  });

  it('are executed anew after a mutation, also when one that began before is still under way', async () => {
    const { subscriptions, orders } = plain.services;
    const read = 'query { billingSubscription(id: "s-1") { number } }';
    const write = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }';
    const input = { idempotencyKey: 'key-12345', accountId, actions: [] };
    const before = subscriptions.asked.length;
    const { reached, release } = subscriptions.hold();
    const early = plain.ask(plain.tokens.partner, read);
    await reached;
    expect((await plain.ask(plain.tokens.partner, write, { input })).data).toEqual({
      placeOrder: { userErrors: [] },
    });
    const late = plain.ask(plain.tokens.partner, read);
    await expect.poll(() => subscriptions.asked.length - before).toBe(2);
    release();
    expect((await late).data).toEqual((await early).data);
    expect(orders.asked.at(-1)?.query).toContain('placeOrder');
  });

  it('mutations are never one', async () => {
    const { orders } = plain.services;
    const write = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }';
    const input = { idempotencyKey: 'key-12345', accountId, actions: [] };
    const before = orders.asked.length;
    await Promise.all([1, 2, 3].map(() => plain.ask(plain.tokens.partner, write, { input })));
    expect(orders.asked.length - before).toBe(3);
  });

  it('one that goes away takes nothing from the others', async () => {
    const { orders } = plain.services;
    const { reached, release } = orders.hold();
    const leaving = new AbortController();
    const gone = plain.send({
      method: 'POST',
      signal: leaving.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${plain.tokens.internal}` },
      body: JSON.stringify({ query }),
    });
    await reached;
    const before = orders.asked.length;
    const stays = plain.ask(plain.tokens.internal, query);
    await plain.ask(plain.tokens.internal, '{ __typename }'); // by now the other was looked at too
    leaving.abort();
    await expect(gone).rejects.toThrow('abort');
    release();
    expect((await stays).data).toMatchObject({ accounts: { nodes: [{ name: 'Acme' }, {}] } });
    expect(orders.asked.length).toBe(before);
  });
});
