import { describe, expect, it } from 'vitest';
import { service } from '../testing/fixture.js';
import { checkNullability } from './nullability.js';

const owner = service(`
  type Query { account: Account @authenticated }
  type Account @key(fields: "id") { id: ID! name: String size: Int plan: Plan }
  type Plan { code: ID! }
`);

/** The problems of a second service beside the one that owns Account. */
function problemsOf(sdl: string): string[] {
  return checkNullability({ owner, other: service(sdl) }).map(({ at, message }) => `${at}: ${message}`);
}

describe('checkNullability', () => {
  it.each([
    [
      'a reference',
      'owner: Account!',
      'other: Bill.owner: its type Account is owned by owner: it must be nullable',
    ],
    [
      'a list of references',
      'owners: [Account]!',
      'other: Bill.owners: its type Account is owned by owner: it and its entries',
    ],
    ['an entry of a list of references', 'owners: [Account!]', 'it and its entries must be nullable'],
    [
      'a field under a scope',
      'total: Int! @requiresScopes(scopes: [["bills"]])',
      'other: Bill.total: it needs a token',
    ],
    [
      'a field under a policy',
      'total: Int! @policy(policies: [["p"]])',
      'other: Bill.total: it needs a token',
    ],
    ['a field that needs a token', 'total: Int! @authenticated', 'other: Bill.total: it needs a token'],
    ['a field whose type is protected', 'secret: Secret!', 'other: Bill.secret: it needs a token'],
    ['a union with a member of another service', 'payer: Payer!', 'its type Account is owned by owner'],
  ])('refuses %s that is not nullable', (_, field, problem) => {
    const found = problemsOf(`
      type Query { bill: Bill }
      type Bill @key(fields: "id") { id: ID! ${field} }
      type Secret @authenticated { id: ID! }
      union Payer = Account
      type Account @key(fields: "id", resolvable: false) { id: ID! }
    `);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it('refuses what would empty a root of another service', () => {
    const shared = service(`
      type Query { account: Account @authenticated }
      type Account @key(fields: "id") { id: ID! name: String! size: Int }
    `);
    const other = (root: string) =>
      service(`
        type Query { bill: Bill ${root} }
        type Bill @key(fields: "id") { id: ID! owner: Account }
        type Account @key(fields: "id") { id: ID! bills: [Bill!] }
      `);
    expect(checkNullability({ shared, other: other('') })).toEqual([]);
    expect(checkNullability({ shared, other: other('currentAccount: Account') })).toEqual([
      {
        at: 'shared: Account.name',
        message: 'a root field of another service leads to its type: it must be nullable',
      },
    ]);
  });

  it('refuses a root field that is not nullable', () => {
    expect(problemsOf('type Query { count: Int! }')).toEqual([
      'other: Query.count: it is a root field: it must be nullable',
    ]);
  });

  it("refuses a field that is added to another service's type", () => {
    const found = problemsOf(`
      type Query { bill: Int }
      type Account @key(fields: "id") { id: ID! bills: [Bill!]! }
      type Bill { id: ID! }
    `);
    expect(found).toEqual([
      'other: Account.bills: other adds it to a type that owner owns: it must be nullable',
    ]);
  });

  it("accepts a shared field of another service's type where it comes with references that may be null, and nowhere else", () => {
    const shared = owner.replace('name: String', 'name: String! @shareable');
    const problems = (reference: string, field: string) =>
      checkNullability({
        owner: shared,
        other: service(`
          type Query { bill: Bill }
          type Bill @key(fields: "id") { id: ID! owner: Account }
          type Account ${reference} { id: ID! ${field} }
        `),
      }).length;
    expect(problems('@key(fields: "id", resolvable: false)', 'name: String! @shareable')).toBe(0);
    expect(problems('@key(fields: "id")', 'name: String! @shareable')).toBe(1);
    expect(problems('@key(fields: "id", resolvable: false)', 'name: String!')).toBe(1);
  });

  it('accepts an interface of another service whose fields are only named', () => {
    const shared = service(`
      type Query { account: Account }
      type Account @key(fields: "id") { id: ID! parts: [Part!]! }
      interface Part { key: ID! name: String! }
      type Door implements Part { key: ID! name: String! }
    `);
    const other = (external: string) =>
      service(`
        type Account @key(fields: "id") { id: ID! parts: [Part!]! @external cost: Int @requires(fields: "parts { key }") }
        interface Part { key: ID! }
        type Door implements Part { key: ID! ${external} }
      `);
    expect(checkNullability({ owner: shared, other: other('@external') })).toEqual([]);
    expect(checkNullability({ owner: shared, other: other('@shareable') })).toHaveLength(2);
  });

  it('accepts keys, own types, required fields, shared types and nullable references', () => {
    const found = problemsOf(`
      type Query { bill: Bill }
      type Bill @key(fields: "id") { id: ID! lines: [Line!]! total: Money! owner: Account owners: [Account] }
      type Line { bill: Bill! }
      type Money @shareable { amount: String! }
      type Account @key(fields: "id") { id: ID! name: String! @external bills: [Bill!] @requires(fields: "name") }
    `);
    expect(found).toEqual([]);
  });
});
