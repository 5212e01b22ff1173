import type { CacheHints } from '@fulfillment/schema/audience';
import { describe, expect, it } from 'vitest';
import { coverageOf } from './coverage.js';

const hint = (scope: 'PUBLIC' | 'ACCOUNT' | 'VIEWER', maxAge: number, staleIfDown = 0) => ({
  scope,
  maxAge,
  staleIfDown,
});
type Field = CacheHints['fields'] extends ReadonlyMap<string, ReadonlyMap<string, infer F>> ? F : never;
const key = (): Field => ({ type: 'ID', isKey: true });
const plain = (type = 'String'): Field => ({ type, isKey: false });
const fields = (of: Record<string, Field>) => new Map(Object.entries(of));

const hints: CacheHints = {
  roots: new Set(['Query', 'Mutation', 'Product', 'Account', 'Node']),
  fields: new Map([
    [
      'Query',
      fields({
        account: { ...plain('Account'), hint: hint('ACCOUNT', 60, 600) },
        accounts: plain('Account'),
      }),
    ],
    [
      'Account',
      fields({
        id: key(),
        name: { ...plain(), hint: hint('ACCOUNT', 30, 600) },
        note: { ...plain(), hint: hint('VIEWER', 90) },
        balance: plain('Money'),
        seats: { ...plain('Seats'), hint: hint('ACCOUNT', 60, 300) },
      }),
    ],
    ['Product', fields({ code: key(), title: { ...plain(), hint: hint('PUBLIC', 300) } })],
    ['Seats', fields({ used: plain('Int'), product: plain('Product') })],
    ['Money', fields({ amount: plain() })],
  ]),
};

const entities = (fragments: string) =>
  `query Q__orders__1($representations: [_Any!]!) { _entities(representations: $representations) { ${fragments} } }`;

describe('a request to a service', () => {
  it.each([
    ['a root with a hint, its key alone', '{ account { id __typename } }', hint('ACCOUNT', 60, 600)],
    ['the shortest age of its fields', '{ account { id name } }', hint('ACCOUNT', 30, 600)],
    ['the narrowest scope, and stale only where all may be', '{ account { note } }', hint('VIEWER', 60, 0)],
    ['below a type without a key', '{ account { seats { used } } }', hint('ACCOUNT', 60, 300)],
    ['a public entity', entities('... on Product { __typename title }'), hint('PUBLIC', 300)],
    [
      'entities of several types',
      entities('... on Product { title } ... on Account { name }'),
      hint('ACCOUNT', 30, 0),
    ],
    ['an entity below one', '{ account { seats { product { code title } } } }', hint('ACCOUNT', 60, 0)],
    [
      'a named fragment',
      '{ account { ...part } } fragment part on Account { id ... { name } }',
      hint('ACCOUNT', 30, 600),
    ],
  ])('is covered: %s', (_why, operation, expected) => {
    expect(coverageOf(operation, hints)).toMatchObject(expected);
  });

  it.each([
    ['a root without a hint', '{ accounts { id } }'],
    ['one field without a hint', '{ account { name balance { amount } } }'],
    ['a root beside', '{ account { id } accounts { id } }'],
    [
      'an entity’s field below a covered one',
      entities('... on Account { seats { used } balance { amount } }'),
    ],
    ['a key alone', entities('... on Product { code }')],
    ['a field that is unheard of', '{ account { age } }'],
    ['a fragment that is missing', '{ account { ...part } }'],
    ['a mutation', 'mutation { account { id } }'],
  ])('is not covered: %s', (_why, operation) => {
    expect(coverageOf(operation, hints)).toBeNull();
  });

  it('asks for the same under whatever name', () => {
    const one = coverageOf(entities('... on Product { title }'), hints);
    const other = coverageOf(entities('...on Product{title}').replace('Q__orders__1', 'Other'), hints);
    expect(one?.selection).toBe(other?.selection);
    expect(one?.selection).not.toContain('Q__orders__1');
  });
});
