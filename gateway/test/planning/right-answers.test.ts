import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, Kind, parse, validate, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/execution/compile.js';
import type { SubgraphAnswer, SubgraphFetch } from '../../src/execution/subgraph-fetch.js';
import { createApolloPlanner } from '../../src/planning/apollo-planner.js';
import { composeSupergraph, federation } from '../kit/supergraph.js';

interface Service {
  readonly sdl: string;
  readonly resolvers: object;
}

/** Plans and executes an operation over services that run in this process. */
function graphOf(services: Readonly<Record<string, Service>>) {
  const sdl = Object.fromEntries(Object.entries(services).map(([name, service]) => [name, service.sdl]));
  const planner = createApolloPlanner(composeSupergraph(sdl));
  const schemas = new Map<string, GraphQLSchema>(
    Object.entries(services).map(([name, service]) => [
      name,
      buildSubgraphSchema([
        { typeDefs: parse(`${federation}\n${service.sdl}`), resolvers: service.resolvers as never },
      ]),
    ]),
  );
  const fetch: SubgraphFetch<null> = async ({
    fetch: { serviceName, operation },
    variables,
    representations = [],
  }) => {
    const schema = schemas.get(serviceName);
    if (schema === undefined) throw new Error(`There is no service ${serviceName}`);
    const variableValues = { ...variables, representations: representations.map(({ fields }) => fields) };
    const answer = await graphql({ schema, source: operation, variableValues });
    return JSON.parse(JSON.stringify(answer)) as SubgraphAnswer;
  };
  return async (source: string, variables: Readonly<Record<string, unknown>> = {}) => {
    const document = parse(source);
    expect(validate(planner.apiSchema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The operation comes first');
    const { apiSchema: schema, supergraphSchema: supergraph } = planner;
    const compiled = compile<null>({ schema, supergraph, document, operation, plan: planner.plan(document) });
    const { data, errors } = await compiled.execute({ variables, context: null, fetch });
    expect(errors).toEqual([]);
    return JSON.parse(data) as unknown;
  };
}

const prices: Readonly<Record<string, number>> = { EUR: 10, USD: 11, GBP: 9 };

const ask = graphOf({
  catalog: {
    sdl: `
      type Query { products: [Product!]! }
      type Product @key(fields: "id") {
        id: ID!
        name: String!
        price(currency: String!): Int
        isFree: Boolean
        tags(first: Int = 3): [Tag!]!
      }
      type Tag @key(fields: "id") { id: ID! text(upper: Boolean = false): String }
    `,
    resolvers: {
      Query: { products: () => [{ id: 'p1' }, { id: 'p2' }] },
      Product: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        name: ({ id }: { id: string }) => `name of ${id}`,
        price: ({ id }: { id: string }, { currency }: { currency: string }) =>
          id === 'p2' ? null : (prices[currency] ?? 0),
        isFree: ({ id }: { id: string }) => id === 'p2',
        tags: (_: unknown, { first }: { first: number }) =>
          ['t1', 't2', 't3'].slice(0, first).map((id) => ({ id })),
      },
      Tag: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        text: ({ id }: { id: string }, { upper }: { upper: boolean }) => (upper ? id.toUpperCase() : id),
      },
    },
  },
  shipping: {
    sdl: `
      type Product @key(fields: "id") {
        id: ID!
        price(currency: String!): Int @external
        isFree: Boolean @external
        tags(first: Int = 3): [Tag!]! @external
        inland: String @requires(fields: "price(currency: \\"EUR\\") isFree")
        abroad: String @requires(fields: "price(currency: \\"USD\\")")
        label: String @requires(fields: "tags(first: 2) { text(upper: true) }")
        stamp: String @requires(fields: "tags { text }")
      }
      type Tag @key(fields: "id") { id: ID! @external text(upper: Boolean = false): String @external }
    `,
    resolvers: {
      Product: {
        __resolveReference: (reference: object) => reference,
        inland: ({ price, isFree }: Sent) => `${String(price)} ${String(isFree)}`,
        abroad: ({ price }: Sent) => String(price),
        label: ({ tags }: Sent) => tags.map(({ text }) => text).join('-'),
        stamp: ({ tags }: Sent) => tags.map(({ text }) => text).join('-'),
      },
    },
  },
});

/** What shipping is sent of a product. */
interface Sent {
  readonly price: number | null;
  readonly isFree: boolean;
  readonly tags: readonly { readonly text: string }[];
}

describe('what fields of other services require with arguments', () => {
  it('is not what the client asks for with others', async () => {
    expect(await ask('{ products { price(currency: "GBP") inland tags(first: 1) { text } label } }')).toEqual(
      {
        products: [
          { price: 9, inland: '10 false', tags: [{ text: 't1' }], label: 'T1-T2' },
          { price: null, inland: 'null true', tags: [{ text: 't1' }], label: 'T1-T2' },
        ],
      },
    );
  });

  it('nor what it asks for by variables or in fragments', async () => {
    const source = `
      query ($currency: String!) { products { ...A ... on Product { abroad } ...B } }
      fragment A on Product { price(currency: $currency) } fragment B on Product { inland price(currency: $currency) }`;
    expect(await ask(source, { currency: 'USD' })).toEqual({
      products: [
        { price: 11, abroad: '11', inland: '10 false' },
        { price: null, abroad: 'null', inland: 'null true' },
      ],
    });
  });

  it('nor what another field requires', async () => {
    expect(await ask('{ products { abroad label inland stamp } }')).toEqual({
      products: [
        { abroad: '11', label: 'T1-T2', inland: '10 false', stamp: 't1-t2-t3' },
        { abroad: 'null', label: 'T1-T2', inland: 'null true', stamp: 't1-t2-t3' },
      ],
    });
  });
});

it('an alias of the client is not taken for the field of its name', async () => {
  expect(await ask('{ products { id: name isFree: name price: isFree inland __typename: id } }')).toEqual({
    products: [
      { id: 'name of p1', isFree: 'name of p1', price: false, inland: '10 false', __typename: 'p1' },
      { id: 'name of p2', isFree: 'name of p2', price: true, inland: 'null true', __typename: 'p2' },
    ],
  });
});
