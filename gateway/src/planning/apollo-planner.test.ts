import { parse, stripIgnoredCharacters } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../test/kit/supergraph.js';
import { createApolloPlanner } from './apollo-planner.js';
import type { FetchNode, PlanNode, QueryPlan } from './query-plan.js';

/** A shop whose shipping needs prices in two currencies, one of them of a nested object. */
const shop = createApolloPlanner(
  composeSupergraph({
    catalog: `
      type Query { products: [Product!]! }
      type Product @key(fields: "id") {
        id: ID!
        name: String!
        price(currency: String!, net: Boolean = false): Int
        category: Category
        weight: Int
      }
      type Category { averagePrice(currency: String!): Int }
    `,
    shipping: `
      type Product @key(fields: "id") {
        id: ID!
        weight: Int @external
        price(currency: String!, net: Boolean = false): Int @external
        category: Category @external
        inland: Int @requires(fields: "price(currency: \\"EUR\\") weight")
        abroad: Int @requires(fields: "price(currency: \\"USD\\") weight")
        isDear: Boolean @requires(fields: "category { averagePrice(currency: \\"USD\\") }")
        size: Int
      }
      type Category { averagePrice(currency: String!): Int @external }
    `,
  }),
);

/** The fetches of a plan in order, texts without spaces. */
function fetches({ node }: QueryPlan): FetchNode[] {
  const open = (part: PlanNode | undefined): FetchNode[] => {
    if (part === undefined) return [];
    switch (part.kind) {
      case 'Fetch':
        return [{ ...part, operation: stripIgnoredCharacters(part.operation) }];
      case 'Flatten':
        return open(part.node);
      case 'Condition':
        return [...open(part.ifClause), ...open(part.elseClause)];
      case 'Sequence':
      case 'Parallel':
        return part.nodes.flatMap(open);
    }
  };
  return open(node);
}

const renamedTo = (fetch: FetchNode | undefined) =>
  (fetch?.inputRewrites ?? []).map((rewrite) => rewrite.kind === 'KeyRenamer' && rewrite.renameKeyTo);

describe('what @requires asks for with arguments', () => {
  it('stays apart from what the client asks for with others', () => {
    const plan = shop.plan(parse('{ products { price(currency: "GBP") inland } }'));
    const [catalog, shipping] = fetches(plan);
    expect(catalog?.operation).toMatch(/price\(currency:"GBP"\)/);
    expect(catalog?.operation).toMatch(/price__required_\w+:price\(currency:"EUR"\)/);
    expect(shipping?.operation).toContain('{...on Product{inland}}');
    expect(renamedTo(shipping)).toEqual(['price']);
    expect(JSON.stringify(shipping?.requires)).toMatch(/"name":"price__required_\w+"/);
  });

  it('stays apart from what another @requires asks for: a representation for each', () => {
    const plan = shop.plan(parse('{ products { id inland abroad size isDear } }'));
    const [catalog, ...shipping] = fetches(plan);
    expect(catalog?.operation.match(/price__required_\w+:price\(currency:"(EUR|USD)"\)/g)).toHaveLength(2);
    expect(catalog?.operation).toMatch(
      /category\{averagePrice__required_\w+:averagePrice\(currency:"USD"\)\}/,
    );
    expect(shipping.map(({ operation }) => operation)).toEqual([
      expect.stringMatching(/\{inland\}.*\{size\}.*\{isDear\}/),
      expect.stringContaining('{...on Product{abroad}}'),
    ]);
    for (const fetch of shipping) {
      const prices = JSON.stringify(fetch.requires).match(/"price__required_\w+"/g);
      expect(prices).toHaveLength(1);
      expect(JSON.stringify(fetch.requires)).toContain('"__typename"');
    }
    expect(shipping.map(renamedTo)).toEqual([['averagePrice', 'price'], ['price']]);
  });

  it('is asked for once when the client asks for nothing else', () => {
    const [catalog, shipping, ...more] = fetches(shop.plan(parse('{ products { inland } }')));
    expect(more).toEqual([]);
    expect(catalog?.operation.match(/price/g)).toHaveLength(2); // the alias and the field
    expect(shipping?.inputRewrites).toEqual([
      { kind: 'KeyRenamer', path: ['... on Product', expect.any(String)], renameKeyTo: 'price' },
    ]);
  });

  it('a stand-in is no field of the API', () => {
    const product = shop.apiSchema.getType('Product');
    expect(JSON.stringify(product?.toConfig())).not.toContain('__required_');
  });
});

describe('aliases of the client', () => {
  it('that are the name of a field which the planner adds are renamed', () => {
    const plan = shop.plan(parse('{ products { id: name __typename: weight size } }'));
    expect(plan.renamedAliases).toEqual(['id', '__typename']);
    const [catalog, shipping] = fetches(plan);
    expect(catalog?.operation).toMatch(/\bid__renamed:name\b/);
    expect(catalog?.operation).toMatch(/[{ ]id[ }]/);
    expect(shipping?.inputRewrites).toBeUndefined();
  });

  it('stay as they are when they are no field', () => {
    const plan = shop.plan(parse('{ products { title: name name: name } }'));
    expect(plan.renamedAliases).toBeUndefined();
    expect(fetches(plan)[0]?.operation).toMatch(/title:name\b/);
  });
});

describe('a key that a service does not resolve', () => {
  const licenses = createApolloPlanner(
    composeSupergraph({
      accounts: 'type Account @key(fields: "id") { id: ID! name: String! } type Query { any: Int }',
      seats: `
        type Query { deployment: Deployment }
        type Deployment { owner: Account }
        type Account
          @key(fields: "id", resolvable: false)
          @key(fields: "id region { code }") {
          id: ID!
          region: Region!
          name: String! @external
          greeting: String! @requires(fields: "name")
        }
        type Region { code: ID! }
      `,
    }),
  );

  it('is not used to return to it', () => {
    const plan = licenses.plan(parse('{ deployment { owner { greeting } } }'));
    const back = fetches(plan).at(-1);
    expect(back?.serviceName).toBe('seats');
    expect(JSON.stringify(back?.requires)).toContain('"code"');
  });
});
