import { randomUUID } from 'node:crypto';
import { createIdentity } from '@fulfillment/local/identity/identity';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import { startSeededSystem } from '../kit/seeded-system.js';

const system = await startSeededSystem(100);
const orders = new pg.Pool({ connectionString: system.databaseUrls.orders, max: 1 });
afterAll(() => orders.end());
const internal = { audience: 'internal' } as const;
const product = { audience: 'product', account: system.demo.product.accountId } as const;

/** Posts a body as it is, to see what comes back whatever it is. */
async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  expect(text).not.toMatch(/node_modules|\.ts:\d|\.js:\d|at \w+ \(/);
  const { errors } = JSON.parse(text) as { errors: { message: string; extensions: { code: string } }[] };
  return { status: response.status, code: errors[0]?.extensions.code, message: errors[0]?.message ?? '' };
}

const bearer = async (request: Parameters<typeof system.identity.issueToken>[0]) => ({
  authorization: `Bearer ${await system.identity.issueToken(request)}`,
});

const anyQuery = JSON.stringify({ query: '{ __typename }' });

describe('a token that does not do', () => {
  it('none', async () => {
    expect(await post(anyQuery)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('an expired one', async () => {
    const answer = await post(anyQuery, await bearer({ ...internal, expiresInSeconds: -3_600 }));
    expect(answer).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(/expired/i),
    });
  });

  it('a foreign one', async () => {
    const stranger = await createIdentity();
    const authorization = `Bearer ${await stranger.issueToken(internal)}`;
    expect(await post(anyQuery, { authorization })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await post(anyQuery, { authorization: 'Bearer nonsense' })).toMatchObject({ status: 401 });
  });

  it('a client’s own, at a service', async () => {
    const token = await system.identity.issueToken(internal);
    const response = await fetch(`${system.serviceUrl('orders')}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    });
    expect(response.status).toBe(401);
  });
});

describe('a request that does not do', () => {
  it('a body of 10 MB', async () => {
    const query = `{ ${'a'.repeat(10 * 1024 * 1024)} }`;
    const answer = await post(JSON.stringify({ query }), await bearer(internal));
    expect(answer).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  it('invalid JSON', async () => {
    expect(await post('{"query": "{ a }', await bearer(internal))).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
    });
  });

  it('a query 200 levels deep', async () => {
    const query = `{ account(id: "x") ${'{ partners { account '.repeat(100)}{ id }${' } }'.repeat(100)} }`;
    const answer = await post(JSON.stringify({ query }), await bearer(internal));
    expect(answer.status).toBe(400);
    expect(answer.code).toMatch(/^QUERY_TOO_(DEEP|LARGE)$/);
  });
});

/** A cursor of the list of orders that the list did not give out. */
function forged(key: string): string {
  const place = ['PLACED_AT_DESC', key, '00000000-0000-4000-8000-000000000000'];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

describe('an operation that does not do', () => {
  it('a list below a list below a list: refused before a service is asked', async () => {
    const { data, errors, requestId } = await system.graphql(
      product,
      `{ currentAccount { orders(first: 100) { nodes { account { orders(first: 100) { nodes { account {
           orders(first: 100) { nodes { account { id } } } } } } } } } } }`,
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_EXPENSIVE' } }]);
    expect(system.statements('orders', requestId)).toEqual([]);
  });

  it.each([
    ['a subscription', 'subscription { x }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'fragments 1,600 deep',
      `{ ${'... { '.repeat(1_600)}__typename${' }'.repeat(1_600)} }`,
      'QUERY_TOO_DEEP',
    ],
    [
      'a day that is none, beside a good field',
      '{ products { code } previewOrder(input: { effectiveDate: "2026-02-30", actions: [] }) { total { amount } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a number that no machine holds',
      '{ previewOrder(input: { effectiveDate: 1e400, actions: [] }) { total { amount } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s', async (_, query, code) => {
    expect(await post(JSON.stringify({ query }), await bearer(product))).toMatchObject({ status: 400, code });
  });

  it('a variable that is an array 6,000 deep', async () => {
    const body = `{"query":"query ($d: LocalDate) { previewOrder(input: { effectiveDate: $d, actions: [] }) { total { amount } } }","variables":{"d":${'['.repeat(6_000)}${']'.repeat(6_000)}}}`;
    expect((await post(body, await bearer(product))).code).toBe('BAD_USER_INPUT');
  });
});

describe('an argument that does not do', () => {
  it.each([
    ['first: 0', 'accounts(first: 0) { totalCount }', 'PAGE_SIZE_INVALID', 'first'],
    ['first: 100000', 'accounts(first: 100000) { totalCount }', 'PAGE_SIZE_INVALID', 'first'],
    ['first: 101', 'accounts(first: 101) { totalCount }', 'PAGE_SIZE_INVALID', 'first'],
    ['last: 0', 'orders(last: 0) { totalCount }', 'PAGE_SIZE_INVALID', 'last'],
    ['both ways', 'orders(first: 1, last: 1) { totalCount }', 'PAGE_ARGUMENTS_CONFLICT', 'first'],
    ['a malformed cursor', 'accounts(after: "nonsense") { totalCount }', 'CURSOR_INVALID', 'after'],
    [
      'a cursor of a day that is none',
      `orders(after: "${forged('2026-02-30 00:00:00+00')}") { totalCount }`,
      'CURSOR_INVALID',
      'after',
    ],
    [
      'a cursor of the year 0',
      `orders(before: "${forged('0000-01-01 00:00:00+00')}") { totalCount }`,
      'CURSOR_INVALID',
      'before',
    ],
    [
      'a malformed cursor of renewals',
      'subscriptionsDueForRenewal(after: "x") { totalCount }',
      'CURSOR_INVALID',
      'after',
    ],
    ['first: 0 of partners', 'partners(first: 0) { totalCount }', 'PAGE_SIZE_INVALID', 'first'],
  ])('%s', async (_, field, code, name) => {
    const { data, errors } = await system.graphql(internal, `{ ${field} }`);
    expect(Object.values(data ?? {})).toEqual([null]);
    expect(errors).toMatchObject([{ extensions: { code, field: name } }]);
  });

  it('an unknown deployment gets the same clear answer as one that is not the viewer’s', async () => {
    const document = `query ($kind: DeploymentKind!, $id: String!) {
      entitlements(deploymentKind: $kind, externalId: $id) { planCode }
    }`;
    const { kind, externalId } = system.demo.product.deployment;
    const stranger = { audience: 'product', account: randomUUID() } as const;
    const unknown = await system.graphql(product, document, { kind, id: 'nobody' });
    const foreign = await system.graphql(stranger, document, { kind, id: externalId });
    for (const { data, errors } of [unknown, foreign]) {
      expect(data).toEqual({ entitlements: null });
      expect(errors).toMatchObject([
        {
          path: ['entitlements'],
          message: expect.stringContaining('Check `deploymentKind`, `externalId`'),
          extensions: { code: 'DEPLOYMENT_NOT_FOUND', field: 'externalId', service: 'licenses' },
        },
      ]);
    }
    expect(foreign.errors).toEqual(unknown.errors);
  });

  it.each(['not-a-uuid', '', 'x'.repeat(500), "' OR 1=1 --"])('an id that is none: %j', async (id) => {
    const { data, errors } = await system.graphql(
      internal,
      'query ($id: ID!) { account(id: $id) { name } order(id: $id) { id } deployment(id: $id) { id } partner(id: $id) { id } billingSubscription(id: $id) { id } }',
      { id },
    );
    const roots = ['account', 'billingSubscription', 'deployment', 'order', 'partner'];
    expect(data).toEqual(Object.fromEntries(roots.map((root) => [root, null])));
    expect(errors).toHaveLength(roots.length);
    const refusals = errors.map(({ path, extensions }) => [path?.join('.'), extensions]);
    expect(Object.fromEntries(refusals)).toEqual(
      Object.fromEntries(
        roots.map((root) => [root, expect.objectContaining({ code: 'ID_INVALID', field: 'id' })]),
      ),
    );
  });
});

describe('an order that does not do leaves nothing behind', () => {
  const good = {
    deployment: { kind: 'SAAS_NAMESPACE', externalId: 'bad-input' },
    planCode: 'PREMIUM',
    quantity: 5,
  };
  const other = system.demo.product.deployment;

  it.each<[string, Record<string, unknown>, string, string[]]>([
    [
      'a negative quantity',
      { ...good, quantity: -5 },
      'QUANTITY_OUT_OF_RANGE',
      ['actions', '0', 'createSubscription', 'quantity'],
    ],
    [
      'a quantity of none',
      { ...good, quantity: 0 },
      'QUANTITY_OUT_OF_RANGE',
      ['actions', '0', 'createSubscription', 'quantity'],
    ],
    [
      'an unknown plan',
      { ...good, planCode: 'GOLD' },
      'PRODUCT_NOT_FOUND',
      ['actions', '0', 'createSubscription', 'planCode'],
    ],
    [
      'a deployment that is subscribed',
      { ...good, deployment: { kind: other.kind, externalId: other.externalId } },
      'DEPLOYMENT_ALREADY_SUBSCRIBED',
      ['actions', '0', 'createSubscription', 'deployment'],
    ],
  ])('%s', async (_, createSubscription, code, field) => {
    await expectRefused({ actions: [{ createSubscription }] }, code, field);
  });

  it.each<[string, Record<string, unknown>, string, string[]]>([
    ['an unknown currency', { currency: 'XXX' }, 'CURRENCY_UNKNOWN', ['currency']],
    ['a currency that is not the account’s', { currency: 'EUR' }, 'CURRENCY_MISMATCH', ['currency']],
    ['a date in the past', { effectiveDate: '2020-01-01' }, 'EFFECTIVE_DATE_INVALID', ['effectiveDate']],
    ['no action', { actions: [] }, 'ACTION_INVALID', ['actions']],
    ['an empty action', { actions: [{}] }, 'ACTION_INVALID', ['actions', '0']],
    ['a key that is too short', { idempotencyKey: 'short' }, 'INVALID_VALUE', ['idempotencyKey']],
    [
      'a purchase order number that is too long',
      { purchaseOrderNumber: 'P'.repeat(65) },
      'INVALID_VALUE',
      ['purchaseOrderNumber'],
    ],
  ])('%s', async (_, more, code, field) => {
    await expectRefused({ actions: [{ createSubscription: good }], ...more }, code, field);
  });

  async function expectRefused(input: Record<string, unknown>, code: string, field: string[]) {
    const before = await orders.query(
      'SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM outbox) AS events',
    );
    const { data, errors } = await system.graphql<{ placeOrder: { userErrors: unknown[] } | null }>(
      product,
      clientOperation('product/PlaceOrder'),
      { order: { idempotencyKey: randomUUID(), ...input } },
    );
    const known = data?.placeOrder?.userErrors ?? errors.map(({ extensions }) => extensions);
    expect(known).toMatchObject([{ code, field, message: expect.stringMatching(/\w+/) }]);
    const after = await orders.query(
      'SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM outbox) AS events',
    );
    expect(after.rows).toEqual(before.rows);
  }
});
