import { execute, buildSchema, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileCost } from './compile-cost.js';
import { CostModel } from './cost-model.js';
import { readCostRules } from './cost-rules.js';

const page =
  '@listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)';

const sdl = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  type Query {
    account: Account
    accounts(first: Int, last: Int): Accounts ${page}
    top(limit: Int = 3): [Account] @listSize(slicingArguments: ["limit"], requireOneSlicingArgument: false)
    strict(first: Int, last: Int): [Account] @listSize(slicingArguments: ["first", "last"])
    found(input: Search): [Account] @listSize(slicingArguments: ["input.page.size"], requireOneSlicingArgument: false)
    report: Report @cost(weight: 50)
    things: [Thing!]
    thing: Thing
    matrix: [[Cell]]
  }
  type Mutation {
    order(input: OrderInput, dryRun: Boolean @cost(weight: 2)): Account
    cheap: Account @cost(weight: 1)
  }
  input OrderInput { actions: [Action!] @cost(weight: 5) note: String next: OrderInput }
  input Action { plan: String @cost(weight: 1) }
  input Search { page: Page }
  input Page { size: Int }
  type Accounts { nodes: [Account!]! edges: [Edge!]! pageInfo: PageInfo! totalCount: Int! }
  type PageInfo { hasNextPage: Boolean! }
  type Edge { cursor: String! node: Account! }
  type Account { name: String orders(first: Int, last: Int): Accounts ${page} contacts: [Contact!] tags: [String!]! parent: Account }
  type Contact { name: String account: Account }
  type Report @cost(weight: 7) { rows: [Cell] @listSize(assumedSize: 30) total: Slow }
  scalar Slow @cost(weight: 4)
  type Cell { value: Int }
  interface Thing { id: ID }
  type Light implements Thing { id: ID account: Account }
  type Heavy implements Thing @cost(weight: 3) { id: ID contacts: [Contact] }
`;
const schema = buildSchema(sdl);
const model = new CostModel(schema, readCostRules(sdl));

function compile(query: string, { valid = true } = {}) {
  const document = parse(query);
  if (valid) expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return compileCost(model, document, operation);
}

const estimate = (query: string, variables: Record<string, unknown> = {}) =>
  compile(query).estimate(variables);

describe('the estimate', () => {
  it.each([
    ['scalars cost nothing', '{ __typename }', 0],
    ['objects cost 1', '{ account { name parent { name } tags } }', 2],
    ['a page, and each of its rows', '{ accounts(first: 7) { nodes { name } } }', 1 + 7],
    ['a page from the end', '{ accounts(last: 9) { nodes { name } } }', 1 + 9],
    [
      'a page of the assumed size',
      '{ accounts { totalCount nodes { name } pageInfo { hasNextPage } } }',
      1 + 20 + 1,
    ],
    ['a count alone, however large the page', '{ accounts(first: 100000) { totalCount } }', 1],
    [
      'edges and nodes are different objects',
      '{ accounts(first: 5) { edges { node { name } } nodes { name } } }',
      1 + 10 + 5,
    ],
    ['a list without a directive has 10', '{ account { contacts { name } } }', 1 + 10],
    ['a list of lists multiplies', '{ matrix { value } }', 100],
    [
      'lists below lists multiply',
      '{ accounts(first: 3) { nodes { orders(first: 4) { nodes { name } } } } }',
      1 + 3 * (1 + 1 + 4),
    ],
    [
      'aliases add up',
      '{ a: accounts(first: 5) { nodes { name } } b: accounts(first: 6) { nodes { name } } }',
      6 + 7,
    ],
    ['the default of a slicing argument', '{ top { name } }', 3],
    ['an argument of an input object', '{ found(input: { page: { size: 6 } }) { name } }', 6],
    [
      'weights of fields, types, scalars and assumed sizes',
      '{ report { total rows { value } } }',
      50 + 7 + 4 + 30,
    ],
    [
      'the heaviest of the types that a thing may be',
      '{ thing { id ... on Heavy { contacts { name } } ... on Light { account { name } } } }',
      3 + 10,
    ],
    ['a mutation costs 10', 'mutation { order { name } }', 10 + 1],
    ['unless it says otherwise', 'mutation { cheap { name } }', 1 + 1],
    [
      'arguments and input fields, each entry of a list',
      'mutation { order(dryRun: true, input: { actions: [{ plan: "A" }, {}] }) { name } }',
      10 + 1 + 2 + 5 * 2 + 1,
    ],
    [
      'fragments count where they are used',
      'query { accounts(first: 2) { ...page } } fragment page on Accounts { nodes { ... on Account { ...more } } } fragment more on Account { contacts { name } }',
      1 + 2 * (1 + 10),
    ],
    [
      'what is skipped costs nothing',
      '{ account @skip(if: true) { name } ... @include(if: false) { account { name } } }',
      0,
    ],
    [
      'the loop that an attacker writes',
      '{ account { orders(first: 100) { nodes { orders(first: 100) { nodes { orders(first: 100) { nodes { name } } } } } } } }',
      1 + 1 + 100 * (1 + 1 + 100 * (1 + 1 + 100)),
    ],
    ['a negative page', '{ accounts(first: -5) { nodes { contacts { name } } } }', 1],
    ['introspection costs the same however deep', '{ __schema { types { name fields { name } } } }', 10],
  ])('%s', (_, query, expected) => {
    expect(estimate(query)).toBe(expected);
  });

  it('reads lengths from variables and their defaults', () => {
    const cost = compile('query ($n: Int = 30) { accounts(first: $n) { nodes { name } } }');
    expect(cost.estimate({ n: 8 })).toBe(9);
    expect(cost.estimate({})).toBe(31);
    expect(cost.estimate({ n: null })).toBe(21);
    expect(cost.estimate({ n: 'many' })).toBe(21);
  });

  it('is a number over every limit for absurd lengths', () => {
    const cost = compile(
      'query ($n: Int) { accounts(first: $n) { nodes { orders(first: $n) { nodes { name } } } } }',
    );
    for (const n of [1e308, Number.POSITIVE_INFINITY, 2 ** 31])
      expect(cost.estimate({ n })).toBeGreaterThan(1e12);
    expect(cost.estimate({ n: Number.NaN })).toBeLessThan(1_000);
  });

  it('counts what variables skip or include', () => {
    const cost = compile(
      'query ($yes: Boolean = true) { account @include(if: $yes) { name } report @skip(if: $yes) { total } }',
    );
    expect(cost.estimate({})).toBe(1);
    expect(cost.estimate({ yes: false })).toBe(50 + 7 + 4);
  });

  it('counts what stands in variables, whatever it is', () => {
    const cost = compile('mutation ($input: OrderInput) { order(input: $input) { name } }');
    expect(
      cost.estimate({ input: { actions: [{ plan: 'A' }, { plan: null }], next: { actions: [{}] } } }),
    ).toBe(11 + 5 * 3 + 1);
    for (const input of [null, 7, 'text', [[]], { actions: 'one' }, { actions: null }]) {
      expect(cost.estimate({ input })).toBeLessThan(20);
    }
  });

  it('asks for exactly one slicing argument where one is required', () => {
    expect(estimate('{ strict(last: 4) { name } }')).toBe(4);
    for (const query of ['{ strict { name } }', '{ strict(first: 1, last: 2) { name } }']) {
      expect(() => estimate(query)).toThrow('Give exactly one of first, last to strict.');
    }
  });

  it('is compiled in no time for fragments that multiply each other', () => {
    const levels = 60;
    const fragments = Array.from(
      { length: levels },
      (_, i) => `fragment F${i} on Account { a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`,
    );
    const cost = compile(
      `{ account { ...F0 } } fragment F${levels} on Account { parent { name } } ${fragments.join(' ')}`,
      { valid: false }, // validation itself would take long
    );
    expect(cost.estimate({})).toBeGreaterThan(2 ** 59);
  });
});

describe('the actual cost', () => {
  const account = { name: 'Acme', contacts: [{ name: 'Ada' }, { name: 'Ben' }], tags: ['a'], parent: null };
  const rootValue = {
    account,
    accounts: { nodes: [account, account], edges: [], pageInfo: { hasNextPage: false }, totalCount: 2 },
    report: { rows: [{ value: 1 }, null, { value: 3 }], total: 'x' },
    things: [
      { __typename: 'Heavy', id: '1', contacts: [{ name: 'Ada' }] },
      { __typename: 'Light', id: '2', account },
    ],
    matrix: [[{ value: 1 }, { value: 2 }], []],
    order: account,
  };

  it.each([
    [
      'lists as long as they are',
      '{ accounts(first: 100) { nodes { contacts { name } } pageInfo { hasNextPage } } }',
      1 + 2 * 3 + 1,
    ],
    [
      'nothing for what is null',
      '{ account { parent { parent { name } } contacts { account { name } } } }',
      1 + 2,
    ],
    ['weights as in the estimate', '{ report { total rows { value } } }', 50 + 7 + 4 + 2],
    [
      'each thing by what was asked of it',
      '{ things { id ... on Heavy { contacts { name } } ... on Light { account { name } } } }',
      3 + 1 + 3 + 1,
    ],
    ['lists of lists', '{ matrix { value } }', 2],
    [
      'fields that merge, once',
      '{ account { name contacts { name } } account { contacts { account { name } } ...more } } fragment more on Account { contacts { name } }',
      1 + 2,
    ],
    ['mutations with their arguments', 'mutation { order(input: { actions: [{}] }) { name } }', 10 + 5 + 1],
    ['what is skipped', '{ account @skip(if: true) { name } }', 0],
  ])('counts %s', async (_, query, expected) => {
    const { data } = await execute({ schema, document: parse(query), rootValue });
    const cost = compile(query);
    expect(cost.actual(data, {})).toBe(expected);
    expect(cost.estimate({})).toBeGreaterThanOrEqual(cost.actual(data, {}));
  });

  it('is nothing without an answer', () => {
    expect(compile('{ account { name } }').actual(null, {})).toBe(0);
    expect(compile('{ account { name } }').actual(undefined, {})).toBe(0);
  });
});

describe('readCostRules', () => {
  const linked = (arguments_: string, directives: string) => `
    schema @link(url: "https://specs.apollo.dev/cost/v0.1"${arguments_}) { query: Query }
    type Query { list: [Int] ${directives} }`;

  it.each([
    ['imported', ', import: ["@cost", "@listSize"]', '@cost(weight: 2) @listSize(assumedSize: 3)'],
    ['under its own name', '', '@cost(weight: "2") @cost__listSize(assumedSize: 3)'],
    [
      'renamed',
      ', import: [{ name: "@cost", as: "@price" }, { name: "@listSize", as: "@long" }]',
      '@price(weight: 2) @long(assumedSize: 3)',
    ],
    ['under another prefix', ', as: "c"', '@c(weight: 2) @c__listSize(assumedSize: 3)'],
  ])('finds the directives %s', (_, arguments_, directives) => {
    const rule = readCostRules(linked(arguments_, directives)).fields.get('Query')?.get('list');
    expect(rule).toMatchObject({ weight: 2, listSize: { assumedSize: 3, slicingArguments: [] } });
  });
});
