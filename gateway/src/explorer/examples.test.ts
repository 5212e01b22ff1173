import { AUDIENCES, type Audience } from '@fulfillment/schema/audience';
import { getVariableValues, Kind, parse, parseType } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../identity/viewer.js';
import { createAudienceSchemas } from './audience-schemas.js';
import type { DemoFile } from './demo-file.js';
import { exampleFacts, exampleVariables } from './examples.js';
import { loadOperations, readOperation } from './operations.js';

const accountId = '11111111-1111-4111-8111-111111111111';
const partnerId = '22222222-2222-4222-8222-222222222222';
const otherId = '99999999-9999-4999-8999-999999999999';
const unique = '0a1b2c3d-0000-4000-8000-000000000000';
const once = { unique, today: '2026-11-25' };
const schemaOf = createAudienceSchemas();

const viewers: Readonly<Record<Audience, Viewer>> = {
  product: { audience: 'product', account: accountId, subject: 's', scopes: new Set() },
  internal: { audience: 'internal', subject: 's', scopes: new Set() },
  partner: { audience: 'partner', partner: partnerId, subject: 's', scopes: new Set() },
};
const demo: DemoFile['demo'] = {
  product: {
    accountId,
    accountName: 'Acme',
    deployment: { id: otherId, kind: 'SAAS_NAMESPACE', externalId: 'acme' },
  },
  partner: { partnerId, partnerName: 'Reseller' },
};

const operations = await loadOperations();
const cases = AUDIENCES.flatMap((audience) =>
  operations[audience].flatMap((operation) =>
    [demo, undefined].map((demo) => ({ audience, operation, name: operation.name, demo })),
  ),
);

test.each(cases)('$audience/$name can be run as it is (demo: $demo.product.accountName)', async (given) => {
  const { audience, operation, demo } = given;
  const definition = parse(operation.text).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const schema = await schemaOf(audience);
  const variables = exampleVariables(
    operation.variables,
    exampleFacts(viewers[audience], demo, once),
    schema,
  );
  const { errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  expect(errors).toBeUndefined();
  expect(operation.description).not.toBe('');
});

describe('whose account and deployment stand in the variables', () => {
  const facts = (viewer: Viewer) => exampleFacts(viewer, demo, once);

  test.each(AUDIENCES)('the demo for the %s token of the demo', (audience) => {
    expect(facts(viewers[audience])).toMatchObject({ accountId, externalId: 'acme' });
  });

  test('not the demo for another account or partner, who would not see it', () => {
    const otherAccount = facts({ ...viewers.product, audience: 'product', account: otherId });
    expect(otherAccount).toMatchObject({ accountId: otherId, externalId: expect.stringMatching(/^put /) });
    const otherPartner = facts({ ...viewers.partner, audience: 'partner', partner: otherId });
    expect(otherPartner).toMatchObject({ accountId: undefined, externalId: expect.stringMatching(/^put /) });
  });

  test('a buyer orders for the account of the token and does not name it', async () => {
    const variable = { name: 'order', type: parseType('PlaceOrderInput!') };
    const orderOf = async (viewer: Viewer) =>
      exampleVariables([variable], facts(viewer), await schemaOf(viewer.audience))['order'];
    expect(await orderOf(viewers.product)).not.toHaveProperty('accountId');
    expect(await orderOf(viewers.partner)).toMatchObject({
      accountId,
      idempotencyKey: `explorer-${unique}`,
    });
  });
});

test('an operation is read with its comment on one line and its variables', () => {
  const text =
    '# Reads one\n# order.\n\n# Not this.\nquery One($id: ID!, $first: Int = 3) { order(id: $id) { id } }\n';
  expect(readOperation('One', text)).toEqual({
    name: 'One',
    kind: 'query',
    description: 'Reads one order.',
    text,
    variables: [
      { name: 'id', type: expect.objectContaining({ kind: Kind.NON_NULL_TYPE }) },
      { name: 'first', type: expect.objectContaining({ kind: Kind.NAMED_TYPE }) },
    ],
  });
  expect(() => readOperation('Two', 'fragment F on Order { id }')).toThrow('Two.graphql holds no operation');
});
