import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { estimateRows } from './row-estimate.js';

const schema = buildSchema(`
  type Query { account: Account accounts(first: Int, last: Int): Accounts }
  type Accounts { nodes: [Account!]! edges: [Edge!]! pageInfo: Page! totalCount: Int! }
  type Edge { cursor: String! node: Account! }
  type Page { hasNextPage: Boolean! }
  type Account { name: String orders(first: Int, last: Int): Orders contacts: [Contact!] tags: [String!]! parent: Account }
  type Orders { nodes: [Order!]! pageInfo: Page! }
  type Order { id: ID! account: Account }
  type Contact { name: String account: Account }
`);

function rows(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return estimateRows(schema, document, operation, variables);
}

describe('the rows that an operation can bring', () => {
  it.each([
    ['one object', '{ account { name parent { name } tags } }', 0],
    ['a page as large as it says', '{ accounts(first: 7) { nodes { name } } }', 7],
    ['a page from the end', '{ accounts(last: 9) { nodes { name } } }', 9],
    ['a usual page', '{ accounts { totalCount nodes { name } pageInfo { hasNextPage } } }', 20],
    ['a list that is not paged', '{ account { contacts { name } } }', 10],
    [
      'a page with edges and nodes is one page',
      '{ accounts(first: 5) { edges { node { name } } nodes { name } } }',
      5,
    ],
    [
      'lists below lists multiply',
      '{ accounts(first: 3) { nodes { orders(first: 4) { nodes { id } } } } }',
      3 * (1 + 4),
    ],
    ['aliases add up', '{ a: accounts(first: 5) { totalCount } b: accounts(first: 6) { totalCount } }', 11],
    [
      'fragments count where they are used',
      'query { accounts(first: 2) { ...page } } fragment page on Accounts { nodes { ... on Account { ...more } } } ' +
        'fragment more on Account { contacts { name } }',
      2 * (1 + 10),
    ],
    [
      'the loop that an attacker writes',
      '{ account { orders(first: 100) { nodes { account { orders(first: 100) { nodes { account { orders(first: 100) ' +
        '{ nodes { id } } } } } } } } } }',
      100 * (1 + 100 * (1 + 100)),
    ],
    ['a negative page', '{ accounts(first: -5) { nodes { contacts { name } } } }', 0],
  ])('%s', (_, query, expected) => {
    expect(rows(query)).toBe(expected);
  });

  it('reads page sizes from variables, and from their defaults', () => {
    const query = 'query ($n: Int = 30) { accounts(first: $n) { nodes { name } } }';
    expect(rows(query, { n: 8 })).toBe(8);
    expect(rows(query)).toBe(30);
    expect(rows(query, { n: 'many' })).toBe(20);
  });
});
