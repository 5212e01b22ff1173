import { buildSchema, getOperationAST, Kind, parse } from 'graphql';
import { Supergraph } from '@apollo/federation-internals';
import { describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../../test/kit/supergraph.js';
import type { FetchNode, PlanNode, PlanSelection } from '../query-plan.js';
import { planProblem } from './plan-check.js';
import { SupergraphFacts } from './supergraph-facts.js';

const supergraph = composeSupergraph({
  catalog: `
    type Query { product: Product pets: [Pet!]! }
    type Product @key(fields: "id") { id: ID! sku: ID! @shareable name: String price(currency: String = "EUR"): Int }
    interface Pet { name: String }
    type Cat implements Pet { name: String lives: Int }
    type Dog implements Pet { name: String chip: Int }
  `,
  shipping: `
    type Product @key(fields: "id") @key(fields: "sku", resolvable: false) {
      id: ID!
      sku: ID! @shareable
      price(currency: String = "EUR"): Int @external
      freight: Int @requires(fields: "price(currency: \\"USD\\")")
      size: Int
    }
  `,
});

const composed = Supergraph.build(supergraph);
const facts = new SupergraphFacts(
  parse(supergraph),
  composed.schema.toGraphQLJSSchema(),
  new Map([...composed.subgraphs()].map(({ name, schema }) => [name, schema.toGraphQLJSSchema()])),
);

const problemOf = (source: string, node?: PlanNode) => {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return planProblem(facts, document, operation, node);
};

const root = (operation: string): FetchNode => ({
  kind: 'Fetch',
  serviceName: 'catalog',
  operation,
  operationKind: 'query',
});

const sequence = (...nodes: PlanNode[]): PlanNode => ({ kind: 'Sequence', nodes });

const field = (name: string): PlanSelection => ({ kind: 'Field', name });

/** Asks shipping for fields of the product, sending these of what is known. */
const shipping = (fields: string, sent: readonly string[], more: Partial<FetchNode> = {}): PlanNode => ({
  kind: 'Flatten',
  path: ['product'],
  node: {
    kind: 'Fetch',
    serviceName: 'shipping',
    requires: [{ kind: 'InlineFragment', typeCondition: 'Product', selections: sent.map(field) }],
    operation: `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { ${fields} } } }`,
    operationKind: 'query',
    ...more,
  },
});

const usd = {
  inputRewrites: [{ kind: 'KeyRenamer', path: ['... on Product', 'usd'], renameKeyTo: 'price' }],
} as const;

describe('a plan that answers its operation', () => {
  it.each<[string, string, PlanNode]>([
    ['of one service', '{ product { name } }', root('{ product { name } }')],
    [
      'by a key',
      '{ product { size } }',
      sequence(root('{ product { __typename id } }'), shipping('size', ['__typename', 'id'])),
    ],
    [
      'with what a field requires, brought under an alias',
      '{ product { price freight } }',
      sequence(
        root('{ product { __typename id price usd: price(currency: "USD") } }'),
        shipping('freight', ['__typename', 'id', 'usd'], usd),
      ),
    ],
    [
      'with a default that the client leaves out',
      '{ product { price } }',
      root('{ product { price(currency: "EUR") } }'),
    ],
    [
      'type by type',
      '{ pets { name } }',
      root('{ pets { __typename ... on Cat { name } ... on Dog { name } } }'),
    ],
    [
      'without what can never be included',
      'query ($a: Boolean!) { product { name @include(if: false) id @skip(if: $a) sku } }',
      root('{ product { id sku } }'),
    ],
  ])('%s', (_, source, plan) => {
    expect(problemOf(source, plan)).toBeUndefined();
  });
});

describe('a plan that does not', () => {
  it.each<[string, string, PlanNode | undefined, RegExp]>([
    ['asks for nothing', '{ product { name } }', undefined, /Nothing brings Query.product/],
    [
      'leaves a field out',
      '{ product { name id } }',
      root('{ product { name } }'),
      /Nothing brings Product.id/,
    ],
    [
      'leaves a type out',
      '{ pets { name } }',
      root('{ pets { __typename ... on Cat { name } } }'),
      /Nothing brings .*Dog.*\.name/,
    ],
    [
      'brings other arguments',
      '{ product { price(currency: "GBP") } }',
      root('{ product { price(currency: "USD") } }'),
      /Nothing brings Product.price/,
    ],
    [
      'asks for what is not there',
      '{ product { name } }',
      root('{ product { name shoe } }'),
      /asked what it has not/,
    ],
    [
      'sends what was not brought',
      '{ product { size } }',
      sequence(root('{ product { __typename } }'), shipping('size', ['__typename', 'id'])),
      /sent what nothing brought: Product.id/,
    ],
    [
      'returns by a key that is not resolved',
      '{ product { size } }',
      sequence(root('{ product { __typename sku } }'), shipping('size', ['__typename', 'sku'])),
      /does not resolve Product/,
    ],
    [
      'does not send what is required',
      '{ product { freight } }',
      sequence(root('{ product { __typename id } }'), shipping('freight', ['__typename', 'id'])),
      /not sent what Product.freight requires/,
    ],
    [
      'sends what is required with the arguments of the client',
      '{ product { price freight } }',
      sequence(
        root('{ product { __typename id price } }'),
        shipping('freight', ['__typename', 'id', 'price']),
      ),
      /not sent what Product.freight requires/,
    ],
    [
      'brings two fields under one key',
      '{ product { size } }',
      sequence(root('{ product { __typename id size: name } }'), shipping('size', ['__typename', 'id'])),
      /Product.size would be two fields at once/,
    ],
    [
      'sends two fields under one name',
      '{ product { freight } }',
      sequence(
        root('{ product { __typename id price usd: price(currency: "USD") } }'),
        shipping('freight', ['__typename', 'id', 'price', 'usd'], usd),
      ),
      /price would be two fields at once/,
    ],
  ])('%s', (_, source, plan, problem) => {
    expect(problemOf(source, plan)).toMatch(problem);
  });
});

it('values of arguments that mean the same are the same', async () => {
  const { argumentValues, fieldOf } = await import('./argument-values.js');
  const schema = buildSchema(
    'type Query { f(a: [Int!], b: In, c: Int = 1): Int } input In { x: Int y: [String] }',
  );
  const values = (text: string) => {
    const [node] = getOperationAST(parse(`query ($v: Int) { f(${text}) }`))?.selectionSet.selections ?? [];
    return node?.kind === Kind.FIELD
      ? argumentValues(node.arguments, fieldOf(schema, 'Query', 'f'))
      : undefined;
  };
  expect(values('b: {x: 1, y: "s"}, a: 2')).toBe(values('a: [2], b: {y: ["s"], x: 1}, c: 1'));
  expect(values('a: [1, 2]')).not.toBe(values('a: [2, 1]'));
  expect(values('c: $v')).not.toBe(values('c: 1'));
});
