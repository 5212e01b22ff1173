import { connect } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCatalog } from '../src/errors.js';
import { startTestGateway, type Answer, type TestGateway } from './kit/gateway.js';
import { accountId, claims } from './kit/identity.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    variables: { SAFELIST_PRODUCT: 'off', INTROSPECTION: 'product,internal,partner' },
  });
});
afterAll(() => gateway.close());

const json = { 'content-type': 'application/json' };
const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code);

function post(body: string, headers: Record<string, string> = json) {
  const authorization = `Bearer ${gateway.tokens.internal}`;
  return gateway.send({ method: 'POST', headers: { authorization, ...headers }, body });
}

describe('who asks', () => {
  it.each([
    ['no token', undefined, 'A token is required'],
    ['no bearer', 'Basic abc', 'Bearer <token>'],
    ['a broken token', 'Bearer abc.def', 'not a signed JSON Web Token'],
  ])('%s is answered with 401 and what to do', async (_, authorization, message) => {
    const answer = await gateway.send({
      method: 'POST',
      headers: { ...json, ...(authorization === undefined ? {} : { authorization }) },
      body: '{"query":"{ __typename }"}',
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
    expect(answer.errors?.[0]?.message).toContain(message);
    expect(answer).not.toHaveProperty('data');
  });

  it('is told to services by a token of the gateway, and the request by its id', async () => {
    const { orders } = gateway.services;
    const query = '{ accounts { nodes { id } } }';
    const answer = await gateway.ask(gateway.tokens.internal, query, undefined, {
      'x-request-id': 'my.request-1',
    });
    expect(answer.headers.get('x-request-id')).toBe('my.request-1');
    const { headers } = orders.asked.at(-1) ?? {};
    expect(headers?.['x-request-id']).toBe('my.request-1');
    expect(headers?.authorization).not.toContain(gateway.tokens.internal);
    expect(decodeJwt(headers?.authorization?.replace('Bearer ', '') ?? '')).toMatchObject({
      iss: 'fulfillment-gateway',
      aud: 'fulfillment-subgraph',
      sub: 'dashboard',
      audience: 'internal',
    });

    const replaced = await gateway.ask(gateway.tokens.internal, query, undefined, {
      'x-request-id': 'no spaces!',
    });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['product', 'internal', 'partner'] as const)('a %s token sees its own schema', async (audience) => {
    const answer = await gateway.ask(gateway.tokens[audience], getIntrospectionQuery());
    expect(codesOf(answer)).toEqual([]);
    const { types } = (
      answer.data as { __schema: { types: { name: string; fields: { name: string }[] | null }[] } }
    ).__schema;
    const rootFields = types.find(({ name }) => name === 'Query')?.fields?.map(({ name }) => name) ?? [];
    expect(rootFields.includes('accounts')).toBe(audience === 'internal');
    expect(rootFields.includes('currentAccount')).toBe(audience === 'product');
    expect(rootFields.includes('currentPartner')).toBe(audience === 'partner');
    expect(types.some(({ name }) => name === 'Contact')).toBe(audience !== 'partner');
  });

  it('a field of another audience is an unknown field', async () => {
    const answer = await gateway.ask(gateway.tokens.partner, '{ accounts { nodes { id segment } } }');
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(answer.errors?.[0]?.message).toContain('Cannot query field "accounts"');
    expect(answer.text).not.toContain('segment');
  });
});

describe('what a viewer may not see', () => {
  const query = '{ accounts { nodes { name contacts { name } balance { amount } } } }';

  it('is null with an error, and is not asked of a service', async () => {
    const token = await gateway.identity.key.sign(claims.internal('accounts:read'));
    const { orders, subscriptions } = gateway.services;
    const before = subscriptions.asked.length;
    const answer = await gateway.ask(token, query);
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({
      accounts: {
        nodes: [
          { name: 'Acme', contacts: null, balance: null },
          { name: 'Beta', contacts: null, balance: null },
        ],
      },
    });
    expect(new Set(codesOf(answer))).toEqual(new Set(['UNAUTHORIZED_FIELD_OR_TYPE']));
    expect(answer.errors?.map(({ path }) => path?.join('.'))).toEqual([
      'accounts.nodes.0.contacts',
      'accounts.nodes.0.balance',
      'accounts.nodes.1.contacts',
      'accounts.nodes.1.balance',
    ]);
    expect(orders.asked.at(-1)?.query).not.toContain('contacts');
    expect(subscriptions.asked.length).toBe(before);
  });

  it('and the same operation answers whole to a viewer with the scopes, before and after', async () => {
    for (let time = 0; time < 2; time += 1) {
      const answer = await gateway.ask(gateway.tokens.internal, query);
      expect(codesOf(answer)).toEqual([]);
      expect(answer.data).toMatchObject({
        accounts: { nodes: [{ contacts: [{ name: 'Ada' }], balance: { amount: '12.00' } }, {}] },
      });
      const poor = await gateway.ask(await gateway.identity.key.sign(claims.internal('billing:read')), query);
      expect(poor.data).toEqual({ accounts: null });
    }
  });

  it('no service is asked when nothing is left', async () => {
    const token = await gateway.identity.key.sign(claims.internal());
    const before = Object.values(gateway.services).map(({ asked }) => asked.length);
    const answer = await gateway.ask(
      token,
      'query Q($first: Int) { accounts(first: $first) { totalCount } more: orders { totalCount } }',
      { first: 1 },
    );
    expect(answer.data).toEqual({ accounts: null, more: null });
    expect(codesOf(answer)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE', 'UNAUTHORIZED_FIELD_OR_TYPE']);
    expect(Object.values(gateway.services).map(({ asked }) => asked.length)).toEqual(before);
  });

  it('a mutation is not executed', async () => {
    const placeOrder = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }`;
    const input = { idempotencyKey: 'key-12345', accountId, actions: [] };
    const before = gateway.services.orders.asked.length;
    const token = await gateway.identity.key.sign(claims.product('entitlements:read'));
    const refused = await gateway.ask(token, placeOrder, { input });
    expect(refused.data).toEqual({ placeOrder: null });
    expect(codesOf(refused)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    expect(gateway.services.orders.asked.length).toBe(before);
    const placed = await gateway.ask(gateway.tokens.product, placeOrder, { input });
    expect(placed.data).toEqual({ placeOrder: { userErrors: [] } });
    const invalid = await gateway.ask(token, placeOrder, { input: 7 });
    expect([invalid.status, codesOf(invalid)]).toEqual([400, ['BAD_USER_INPUT']]);
  });
});

describe('errors of services', () => {
  it('keep their code and extensions, and name the service', async () => {
    const answer = await gateway.ask(
      gateway.tokens.internal,
      '{ orders(filter: { accountId: "unknown" }) { totalCount } accounts { totalCount } }',
    );
    expect(answer.errors).toEqual([
      {
        message: 'No such account.',
        path: ['orders'],
        extensions: { code: 'NOT_FOUND_HERE', field: ['filter'], service: 'orders' },
      },
    ]);
  });

  it('without a code are masked', async () => {
    const answer = await gateway.ask(
      gateway.tokens.internal,
      '{ orders(filter: { accountId: "fault" }) { totalCount } }',
    );
    expect(answer.errors?.[0]).toMatchObject({
      path: ['orders'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', service: 'orders' },
    });
    expect(answer.text).not.toContain('secret');
  });
});

describe('bad input', () => {
  const deep = `${'{ a '.repeat(200)}${'}'.repeat(200)}`;

  it.each([
    ['invalid JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['an empty body', '', 400, 'BAD_REQUEST'],
    ['null', 'null', 400, 'BAD_REQUEST'],
    ['a text', '"{ __typename }"', 400, 'BAD_REQUEST'],
    ['no query', '{"variables":{}}', 400, 'BAD_REQUEST'],
    ['an empty query', '{"query":""}', 400, 'BAD_REQUEST'],
    ['a query that is no text', '{"query":{"kind":"Document"}}', 400, 'BAD_REQUEST'],
    ['variables that are a list', '{"query":"{ __typename }","variables":[]}', 400, 'BAD_REQUEST'],
    [
      'an operation name that is a number',
      '{"query":"{ __typename }","operationName":7}',
      400,
      'BAD_REQUEST',
    ],
    ['a forbidden property', '{"query":"{ __typename }","__proto__":{}}', 400, 'BAD_REQUEST'],
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]', 400, 'BAD_REQUEST'],
    ['no GraphQL', '{"query":"{ a"}', 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ nothing }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing variable', '{"query":"query ($id: ID!) { order(id: $id) { id } }"}', 400, 'BAD_USER_INPUT'],
    [
      'an operation that is not there',
      '{"query":"query A { __typename }","operationName":"B"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'several operations and no choice',
      '{"query":"query A { __typename } query B { __typename }"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a hash that nobody registered',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}',
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['200 levels', JSON.stringify({ query: deep }), 400, 'QUERY_TOO_DEEP'],
    ['6,000 tokens', JSON.stringify({ query: `{ ${'a '.repeat(6000)} }` }), 400, 'QUERY_TOO_LARGE'],
    ['10 MB', JSON.stringify({ query: '#'.repeat(10_000_000) }), 413, 'BODY_TOO_LARGE'],
  ])('%s', async (_, body, status, code) => {
    const answer = await post(body);
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
    expect(answer.text).not.toMatch(/\s+at .*(node_modules|\.[jt]s)/);
    expect(answer.text).not.toContain('stacktrace');
    expect(Object.keys(errorCatalog)).toContain(code);
  });

  it('a body that is no JSON', async () => {
    expect(codesOf(await post('query={a}', { 'content-type': 'application/x-www-form-urlencoded' }))).toEqual(
      ['BAD_REQUEST'],
    );
    const plain = await post('{"query":"{ __typename }"}', { 'content-type': 'text/plain' });
    expect([plain.status, codesOf(plain)]).toEqual([415, ['BAD_REQUEST']]);
  });

  it('a GET is for queries, from clients that cannot be another site', async () => {
    const authorization = `Bearer ${gateway.tokens.internal}`;
    const get = (query: string, headers = {}) =>
      gateway.send({ headers: { authorization, ...headers } }, `/graphql?query=${encodeURIComponent(query)}`);
    expect((await get('{ __typename }', { 'apollo-require-preflight': '1' })).data).toEqual({
      __typename: 'Query',
    });
    expect(codesOf(await get('{ __typename }'))).toEqual(['BAD_REQUEST']);
    const mutation = await get('mutation { __typename }', { 'apollo-require-preflight': '1' });
    expect([mutation.status, codesOf(mutation)]).toEqual([405, ['BAD_REQUEST']]);
    expect(codesOf(await get(deep, { 'apollo-require-preflight': '1' }))).toEqual(['QUERY_TOO_DEEP']);
    const html = await get('{ __typename }', { accept: 'text/html', 'apollo-require-preflight': '1' });
    expect(html.text).not.toContain('<html');
  });

  it('an address that is not there', async () => {
    const answer = await gateway.send({}, '/nothing');
    expect([answer.status, codesOf(answer)]).toEqual([404, ['NOT_FOUND']]);
  });

  it('a host header that is no host', async () => {
    const raw = `GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: a b[\r\nauthorization: Bearer ${gateway.tokens.internal}\r\napollo-require-preflight: 1\r\nconnection: close\r\n\r\n`;
    const { port } = new URL(gateway.url);
    const response = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(raw));
      socket.on('data', (data) => {
        received += data.toString();
      });
      socket.on('close', () => resolve(received));
    });
    expect(response).toMatch(/^HTTP\/1.1 4\d\d/);
  });
});

describe('the log', () => {
  it('has one line for each request, without tokens and variables', async () => {
    const from = gateway.lines.length;
    const token = await gateway.identity.key.sign(claims.internal('accounts:read'));
    await gateway.ask(
      token,
      'query Mine($secret: String) { accounts(after: $secret) { nodes { contacts { name } } } }',
      { secret: 'my-secret' },
      { 'x-request-id': 'request-77' },
    );
    await post('{');
    await gateway.ask('abc', '{ __typename }');
    await expect
      .poll(() => gateway.lines.slice(from).filter(({ event }) => event === 'request'))
      .toHaveLength(3);
    const lines = gateway.lines.slice(from);
    expect(lines).toMatchObject([
      {
        requestId: 'request-77',
        audience: 'internal',
        operationName: 'Mine',
        operationType: 'query',
        status: 200,
        outcome: 'partial',
        codes: ['UNAUTHORIZED_FIELD_OR_TYPE'],
        durationMs: expect.any(Number) as number,
      },
      { audience: 'internal', status: 400, outcome: 'refused', codes: ['BAD_REQUEST'] },
      { status: 401, outcome: 'refused', codes: ['UNAUTHENTICATED'] },
    ]);
    const text = JSON.stringify(gateway.lines);
    for (const secret of ['my-secret', token, gateway.tokens.internal, 'Bearer'])
      expect(text).not.toContain(secret);
  });
});

describe('probes', () => {
  it('need no token', async () => {
    const read = async (path: string): Promise<unknown> => (await fetch(`${gateway.url}${path}`)).json();
    expect(await read('/health/live')).toMatchObject({ status: 'live' });
    expect(await read('/health/ready')).toMatchObject({
      status: 'ready',
      services: [
        { name: 'orders', status: 'up', latencyMs: expect.any(Number) as number },
        { name: 'subscriptions', status: 'up' },
        { name: 'licenses', status: 'up' },
        { name: 'partners', status: 'up' },
      ],
    });
  });
});
