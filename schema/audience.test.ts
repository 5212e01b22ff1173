import { printSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { AUDIENCES, audienceSupergraph } from './audience.js';
import { buildAudienceSupergraph } from './audience-schema.js';
import { composeSupergraph } from './composition.js';
import { readOperations } from './operations.js';
import { createPlanner } from './planning.js';
import { readSubgraphs } from './subgraphs.js';
import { supergraphOf } from './testing/fixture.js';

/** What the partner sees of a small graph; federation's own validation runs on the way. */
function partnerSchema(sdl: string): GraphQLSchema {
  return buildAudienceSupergraph(supergraphOf(sdl), 'partner').apiSchema().toGraphQLJSSchema();
}

function partnerSdl(sdl: string): string {
  return printSchema(partnerSchema(sdl));
}

function refusalOf(sdl: string): string {
  try {
    audienceSupergraph(supergraphOf(sdl), 'partner');
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
}

describe('what a small graph shows to one audience', () => {
  it('shows nothing that is not tagged', () => {
    expect(
      partnerSdl(`
        type Query { open: Int @tag(name: "partner") closed: Int other: Thing @tag(name: "internal") }
        type Thing { name: String @tag(name: "internal") }
      `),
    ).toBe('type Query {\n  open: Int\n}');
  });

  it("takes a field's own tags before its type's, also to show more", () => {
    const schema = partnerSdl(`
      type Query { thing: Thing @tag(name: "partner") }
      type Thing @tag(name: "internal") { name: String @tag(name: "partner") secret: String }
    `);
    expect(schema).toContain('type Thing {\n  name: String\n}');
  });

  it('does not take the tags of a root type for its fields', () => {
    expect(
      partnerSdl('type Query @tag(name: "partner") { open: Int @tag(name: "partner") forgotten: Int }'),
    ).not.toContain('forgotten');
  });

  it('hides a type with its last field, and the fields that name it, as far as that goes', () => {
    const schema = partnerSdl(`
      type Query { open: Int @tag(name: "partner") outer: Outer @tag(name: "partner") }
      type Outer { inner: Inner @tag(name: "partner") }
      type Inner { secret: String @tag(name: "internal") }
    `);
    expect(schema).toBe('type Query {\n  open: Int\n}');
  });

  it('hides a tagged type that nothing visible reaches', () => {
    const schema = partnerSchema(`
      type Query { open: Int @tag(name: "partner") lonely: Lonely @tag(name: "internal") }
      type Lonely @tag(name: "partner") { kind: Kind unused(by: Filter): Day }
      enum Kind { ONE }
      input Filter { text: String }
      scalar Day
    `);
    expect(['Lonely', 'Kind', 'Filter', 'Day'].filter((name) => schema.getType(name))).toEqual([]);
  });

  it('keeps types that refer to each other', () => {
    const schema = partnerSchema(`
      type Query { a: A @tag(name: "partner") }
      type A @tag(name: "partner") { b: B }
      type B @tag(name: "partner") { a: A }
    `);
    expect(schema.getType('B')).toBeDefined();
  });

  it('hides types whose only visible fields lead to each other and that no root reaches', () => {
    const schema = partnerSchema(`
      type Query { open: Int @tag(name: "partner") a: A @tag(name: "internal") }
      type A @tag(name: "partner") { b: B }
      type B @tag(name: "partner") { a: A }
    `);
    expect(schema.getType('A')).toBeUndefined();
  });
});

describe('interfaces and unions', () => {
  it('hides a field of an interface that one visible type hides', () => {
    const schema = partnerSdl(`
      type Query { shapes: [Shape] @tag(name: "partner") }
      interface Shape @tag(name: "partner") { id: ID cost: Int }
      type Circle implements Shape @tag(name: "partner") { id: ID cost: Int }
      type Square implements Shape @tag(name: "partner") { id: ID cost: Int @tag(name: "internal") }
    `);
    expect(schema).toContain('interface Shape {\n  id: ID\n}');
    expect(schema).toContain('type Circle implements Shape {\n  id: ID\n  cost: Int\n}');
  });

  it('does not let a hidden type hide a field of the interface', () => {
    const schema = partnerSdl(`
      type Query { shapes: [Shape] @tag(name: "partner") }
      interface Shape @tag(name: "partner") { id: ID }
      type Circle implements Shape @tag(name: "partner") { id: ID }
      type Secret implements Shape @tag(name: "internal") { id: ID }
    `);
    expect(schema).toContain('interface Shape {\n  id: ID\n}');
    expect(schema).not.toContain('Secret');
  });

  it('hides a whole interface, and its types lose it', () => {
    const schema = partnerSdl(`
      type Query { circle: Circle @tag(name: "partner") shapes: [Shape] @tag(name: "internal") }
      interface Shape @tag(name: "internal") { id: ID }
      type Circle implements Shape @tag(name: "partner") { id: ID }
    `);
    expect(schema).not.toContain('Shape');
    expect(schema).toContain('type Circle {\n  id: ID\n}');
  });

  it('hides an interface with the last type that implements it', () => {
    const schema = partnerSdl(`
      type Query { open: Int @tag(name: "partner") shapes: [Shape] @tag(name: "partner") }
      interface Shape @tag(name: "partner") { id: ID }
      type Circle implements Shape @tag(name: "internal") { id: ID }
    `);
    expect(schema).toBe('type Query {\n  open: Int\n}');
  });

  it('hides an argument of an interface that one type hides', () => {
    const schema = partnerSdl(`
      type Query { shape: Shape @tag(name: "partner") }
      interface Shape @tag(name: "partner") { area(unit: String, exact: Boolean): Int }
      type Circle implements Shape @tag(name: "partner") {
        area(unit: String, exact: Boolean @tag(name: "internal")): Int
      }
    `);
    expect(schema).not.toContain('exact');
    expect(schema).toContain('area(unit: String): Int');
  });

  it('does not let a reached type reveal its siblings through an interface that no field gives', () => {
    const schema = partnerSdl(`
      type Query { circle: Circle @tag(name: "partner") squares: [Square] @tag(name: "internal") }
      interface Shape @tag(name: "partner") { id: ID }
      type Circle implements Shape @tag(name: "partner") { id: ID }
      type Square implements Shape @tag(name: "partner") { id: ID }
    `);
    expect(schema).toContain('type Circle implements Shape');
    expect(schema).not.toContain('Square');
  });

  it('takes hidden members out of a union, and hides the union with the last', () => {
    const schema = partnerSdl(`
      type Query { some: Some @tag(name: "partner") none: None @tag(name: "partner") }
      union Some = Open | Secret
      union None = Secret
      type Open @tag(name: "partner") { id: ID }
      type Secret @tag(name: "internal") { id: ID }
    `);
    expect(schema).toContain('union Some = Open');
    expect(schema).not.toMatch(/None|Secret/);
  });
});

describe('inputs', () => {
  const query = (parameters: string) => `type Query { find(${parameters}): Int @tag(name: "partner") }\n`;

  it('shows an input type with what uses it, less the fields that are tagged for others', () => {
    const schema = partnerSdl(`
      ${query('filter: Filter')}
      input Filter { text: String margin: Int @tag(name: "internal") state: State }
      enum State { OPEN SECRET @tag(name: "internal") }
    `);
    expect(schema).toContain('input Filter {\n  text: String\n  state: State\n}');
    expect(schema).toContain('enum State {\n  OPEN\n}');
  });

  it('hides an argument, an input type and an enum that are tagged for others', () => {
    const schema = partnerSdl(`
      ${query('text: String, margin: Int @tag(name: "internal"), filter: Filter, state: State')}
      input Filter @tag(name: "internal") { text: String }
      enum State @tag(name: "internal") { OPEN }
    `);
    expect(schema).toBe('type Query {\n  find(text: String): Int\n}');
  });

  it('hides an output field with its enum', () => {
    const schema = partnerSdl(`
      type Query { open: Int @tag(name: "partner") state: State @tag(name: "partner") }
      enum State @tag(name: "internal") { OPEN }
    `);
    expect(schema).toBe('type Query {\n  open: Int\n}');
  });

  it.each([
    [
      'a required input field',
      `${query('filter: Filter')} input Filter { text: String margin: Int! @tag(name: "internal") }`,
      'Filter.margin: it is required',
    ],
    [
      'a required argument',
      query('margin: Int! @tag(name: "internal")'),
      'Query.find(margin:): it is required',
    ],
    [
      'a required argument whose type is hidden',
      `${query('filter: Filter!')} input Filter @tag(name: "internal") { text: String }`,
      'Query.find(filter:): it is required',
    ],
    [
      'an argument whose type has nothing left',
      `${query('filter: Filter')} input Filter { margin: Int @tag(name: "internal") }`,
      'Query.find(filter:): nothing that this audience sees is left of its type Filter',
    ],
    [
      'a default that is hidden',
      `${query('state: State = SECRET')} enum State { OPEN SECRET @tag(name: "internal") }`,
      'Query.find(state:): its default uses State.SECRET',
    ],
    [
      'a default with a field that is hidden',
      `${query('filter: Filter = { margin: 1 }')} input Filter { text: String margin: Int @tag(name: "internal") }`,
      'Query.find(filter:): its default uses Filter.margin',
    ],
    ['a graph without a root field', 'type Query { secret: Int @tag(name: "internal") }', 'no root field'],
  ])('refuses %s, by its name', (_, sdl, reason) => {
    expect(refusalOf(sdl)).toContain(reason);
  });

  it('does not mind a required input of a field that is hidden itself', () => {
    expect(
      refusalOf(
        'type Query { open: Int @tag(name: "partner") find(margin: Int! @tag(name: "internal")): Int }',
      ),
    ).toBe('not refused');
  });
});

describe('what every audience is refused', () => {
  it('leaves hidden what a service marks @inaccessible', () => {
    const schema = partnerSdl(`
      type Query { open: Int @tag(name: "partner") draft: Int @tag(name: "partner") @inaccessible }
    `);
    expect(schema).toBe('type Query {\n  open: Int\n}');
  });
});

describe('our own graph', async () => {
  const supergraphSdl = composeSupergraph(await readSubgraphs());
  const operations = await readOperations();
  const partner = buildAudienceSupergraph(supergraphSdl, 'partner').apiSchema().toGraphQLJSSchema();

  it.each([
    'AccountSegment',
    'AccountConnection',
    'AccountFilter',
    'Contact',
    'ContactRole',
    'LegalEntity',
    'License',
    'LicenseCause',
    'BillingSubscriptionVersion',
    'VersionCause',
    'OrderFilter',
    'Offer',
    'PartnerConnection',
  ])('does not show %s to a partner', (name) => {
    expect(partner.getType(name)).toBeUndefined();
  });

  it('shows a partner the customer, without what is internal', () => {
    const account = partner.getType('Account');
    const fields = account && 'getFields' in account ? Object.keys(account.getFields()) : [];
    expect(fields.sort()).toEqual([
      'accountCredit',
      'balance',
      'billingTimeZone',
      'countryCode',
      'creditMemos',
      'currency',
      'deployments',
      'id',
      'invoices',
      'name',
      'quotes',
      'subscriptions',
    ]);
  });

  it('has no root field for a partner that lists what is not its own', () => {
    const fields = Object.keys(partner.getQueryType()?.getFields() ?? {});
    expect(
      fields.filter((name) => ['accounts', 'orders', 'partners', 'entitlements'].includes(name)),
    ).toEqual([]);
  });

  it.each(AUDIENCES)('plans every operation of the audience %s', (audience) => {
    const plan = createPlanner(buildAudienceSupergraph(supergraphSdl, audience));
    const own = operations.filter((operation) => operation.audience === audience);
    expect(own.length).toBeGreaterThan(2);
    for (const { document } of own) expect(plan(document).length).toBeGreaterThan(0);
  });

  it("asks three services for the product's entitlements, and partners for nothing", () => {
    const plan = createPlanner(buildAudienceSupergraph(supergraphSdl, 'product'));
    const entitlements = operations.find(({ operationName }) => operationName === 'ProductEntitlements');
    expect(plan(entitlements?.document ?? '')).toEqual(['licenses', 'orders', 'subscriptions']);
  });
});
