import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { getIntrospectionQuery, parse, print, stripIgnoredCharacters } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type Answer, type TestGateway } from './kit/gateway.js';
import { claims } from './kit/identity.js';

const manifest = JSON.parse(
  await readFile(new URL('../../schema/operations/safelist.json', import.meta.url), 'utf8'),
) as Record<string, { audience: string; operationName: string; document: string }>;

const registered = (name: string) => {
  const [hash, entry] =
    Object.entries(manifest).find(([, { operationName }]) => operationName === name) ?? [];
  if (hash === undefined || entry === undefined) throw new Error(`${name} is not registered`);
  return { hash, document: entry.document };
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code);
const entitlements = registered('ProductEntitlements');
const variables = { deploymentKind: 'SAAS_NAMESPACE', externalId: 'acme' };
const persisted = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const post = (token: string, body: object) =>
  gateway.send({
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
const asked = () => Object.values(gateway.services).reduce((sum, { asked }) => sum + asked.length, 0);

describe('the product’s registered operations', () => {
  it.each([
    ['by hash alone, as Apollo clients send it', { extensions: persisted(entitlements.hash) }],
    ['by hash and text', { query: entitlements.document, extensions: persisted(entitlements.hash) }],
    ['by document id', { documentId: `sha256:${entitlements.hash}` }],
    ['by text', { query: entitlements.document }],
    ['in another layout', { query: `# mine\n${stripIgnoredCharacters(entitlements.document)}` }],
    [
      'by a hash of another layout, with its text',
      (() => {
        const query = stripIgnoredCharacters(entitlements.document);
        return { query, extensions: persisted(sha256(query)) };
      })(),
    ],
  ])('run %s', async (_, body) => {
    const answer = await post(gateway.tokens.product, { ...body, variables });
    expect([answer.status, codesOf(answer)]).toEqual([200, []]);
    expect(answer.data).toMatchObject({ entitlements: { planCode: 'PREMIUM' } });
  });

  it('run by GET too', async () => {
    const search = new URLSearchParams({
      variables: JSON.stringify(variables),
      extensions: JSON.stringify(persisted(entitlements.hash)),
    });
    const headers = { authorization: `Bearer ${gateway.tokens.product}`, 'apollo-require-preflight': '1' };
    const answer = await gateway.send({ headers }, `/graphql?${search.toString()}`);
    expect(answer.data).toMatchObject({ entitlements: { planCode: 'PREMIUM' } });
  });

  it('are all accepted, and all of them are what the manifest says', async () => {
    for (const { audience, document } of Object.values(manifest)) {
      expect(document).toBe(print(parse(document)));
      if (audience !== 'product') continue;
      const answer = await post(gateway.tokens.product, { query: document });
      expect(codesOf(answer)).not.toContain('OPERATION_NOT_REGISTERED');
    }
  });
});

describe('what the product may not send', () => {
  it.each([
    ['a text of its own', { query: '{ currentAccount { id } }' }, 403, 'OPERATION_NOT_REGISTERED'],
    [
      'a mutation of its own',
      { query: 'mutation { placeOrder { order { id } } }' },
      403,
      'OPERATION_NOT_REGISTERED',
    ],
    [
      'another audience’s operation',
      { query: registered('PartnerMyOrders').document },
      403,
      'OPERATION_NOT_REGISTERED',
    ],
    [
      'another audience’s hash',
      { extensions: persisted(registered('PartnerMyOrders').hash) },
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['an unknown hash', { extensions: persisted('0'.repeat(64)) }, 200, 'PERSISTED_QUERY_NOT_FOUND'],
    [
      'a registered hash with another text',
      { query: '{ currentAccount { id } }', extensions: persisted(entitlements.hash) },
      400,
      'BAD_REQUEST',
    ],
    [
      'a registered operation beside another',
      { query: `${entitlements.document} query Mine { currentAccount { id } }`, operationName: 'Mine' },
      403,
      'OPERATION_NOT_REGISTERED',
    ],
    [
      'data behind introspection',
      { query: '{ __schema { queryType { name } } ...A } fragment A on Query { currentAccount { id } }' },
      403,
      'INTROSPECTION_DISABLED',
    ],
    [
      'data behind a fragment',
      { query: '{ ...A } fragment A on Query { currentAccount { id } }' },
      403,
      'OPERATION_NOT_REGISTERED',
    ],
    ['introspection', { query: getIntrospectionQuery() }, 403, 'INTROSPECTION_DISABLED'],
  ])('%s', async (_, body, status, code) => {
    const before = asked();
    const answer = await post(gateway.tokens.product, body);
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
    expect(asked()).toBe(before);
  });
});

describe('other audiences', () => {
  it('send operations of their own, and registered ones by hash', async () => {
    expect(codesOf(await post(gateway.tokens.internal, { query: '{ accounts { totalCount } }' }))).toEqual(
      [],
    );
    const { hash } = registered('InternalAccounts');
    const answer = await post(gateway.tokens.internal, { extensions: persisted(hash) });
    expect(answer.data).toHaveProperty('accounts');
    expect(
      codesOf(await post(gateway.tokens.partner, { query: '{ __schema { queryType { name } } }' })),
    ).toEqual([]);
  });

  it('may be an Apollo client that sends a hash first and then its text', async () => {
    const query = '{ accounts { totalCount } }';
    const first = await post(gateway.tokens.internal, { extensions: persisted(sha256(query)) });
    expect(first.errors?.[0]?.message).toBe('PersistedQueryNotFound');
    const second = await post(gateway.tokens.internal, { query, extensions: persisted(sha256(query)) });
    expect(codesOf(second)).toEqual([]);
  });
});

describe('the list of what was refused', () => {
  const list = async (token: string) => {
    const answer = await gateway.send(
      { headers: { authorization: `Bearer ${token}` } },
      '/protection/unregistered-operations',
    );
    return answer as unknown as { status: number; operations: Record<string, unknown>[]; text: string };
  };

  it('counts by hash and client, and holds no text and no variables', async () => {
    const query = 'query Guess($id: ID!) { order(id: $id) { id } }';
    for (const id of ['secret-1', 'secret-2'])
      await post(gateway.tokens.product, { query, variables: { id } });
    const operator = await gateway.identity.key.sign(claims.internal('operations:read'));
    const { status, operations, text } = await list(operator);
    expect(status).toBe(200);
    expect(operations.find(({ operationName }) => operationName === 'Guess')).toEqual({
      hash: sha256(query),
      operationName: 'Guess',
      audience: 'product',
      client: 'upsell',
      refused: true,
      count: 2,
      firstAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      lastAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    expect(text).not.toContain('secret');
    expect(text).not.toContain('order(id');
    const notes = gateway.lines.filter(
      ({ event, hash }) => event === 'unregistered-operation' && hash === sha256(query),
    );
    expect(notes).toHaveLength(1);
    expect(JSON.stringify(notes)).not.toContain('secret');
  });

  it('is there for nobody else', async () => {
    expect((await list(gateway.tokens.internal)).status).toBe(404);
    expect((await list(gateway.tokens.product)).status).toBe(404);
    expect((await list('nobody')).status).toBe(401);
  });
});

it('in the mode log everything runs and is noted', async () => {
  const other = await startTestGateway({
    variables: { SAFELIST_PRODUCT: 'log', SAFELIST_PARTNER: 'enforce' },
  });
  try {
    expect(codesOf(await other.ask(other.tokens.product, 'query Mine { currentAccount { id } }'))).toEqual(
      [],
    );
    expect(other.lines).toContainEqual(
      expect.objectContaining({ event: 'unregistered-operation', operationName: 'Mine', refused: false }),
    );
    expect(codesOf(await other.ask(other.tokens.partner, '{ currentPartner { id } }'))).toEqual([
      'OPERATION_NOT_REGISTERED',
    ]);
  } finally {
    await other.close();
  }
});
