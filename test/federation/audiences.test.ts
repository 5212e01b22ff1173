import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { startSystem } from '../kit/system.js';

const system = await startSystem();
const tokens = {
  product: { audience: 'product', account: 'a0000000-0000-4000-8000-000000000001' },
  internal: { audience: 'internal' },
  partner: { audience: 'partner', partner: 'b0000000-0000-4000-8000-000000000001' },
} as const;

async function schemaOf(audience: keyof typeof tokens) {
  const { data, errors } = await system.graphql<IntrospectionQuery>(
    tokens[audience],
    getIntrospectionQuery(),
  );
  expect(errors).toEqual([]);
  if (!data) throw new Error('no schema');
  return buildClientSchema(data);
}

describe('each audience has a schema of its own', () => {
  it.each([
    [
      'product',
      ['entitlements', 'currentAccount', 'previewOrder'],
      ['accounts', 'currentPartner', 'partners', 'orders'],
    ],
    [
      'internal',
      ['accounts', 'orders', 'partners', 'subscriptionsDueForRenewal'],
      ['currentPartner', 'currentAccount'],
    ],
    [
      'partner',
      ['currentPartner', 'subscriptionsDueForRenewal', 'account'],
      ['accounts', 'entitlements', 'orders'],
    ],
  ] as const)('%s', async (audience, shown, hidden) => {
    const fields = Object.keys((await schemaOf(audience)).getQueryType()?.getFields() ?? {});
    expect(fields).toEqual(expect.arrayContaining([...shown]));
    for (const name of hidden) expect(fields).not.toContain(name);
  });

  it('and what it does not show is unknown when asked for', async () => {
    const schema = await schemaOf('partner');
    expect(schema.getType('AccountSegment')).toBeUndefined();
    expect(schema.getType('BillingSubscriptionVersion')).toBeUndefined();
    const { data, errors } = await system.graphql(tokens.partner, '{ accounts { totalCount } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('Cannot query field "accounts"'),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });
});
