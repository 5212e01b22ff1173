import fc from 'fast-check';
import {
  buildSchema,
  execute,
  type GraphQLObjectType,
  type GraphQLSchema,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { expect, it, test } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { compileQuery } from './compile-query.js';

const schema = buildSchema(`
  interface Party { id: ID! name: String }
  type Account implements Party { id: ID! name: String seats: Int! subscriptions(first: Int = 2, state: State): [Subscription!]! }
  type Partner implements Party { id: ID! name: String kind: State }
  type Subscription { id: ID! quantity: Int state: State! owner: Party notes: [String] terms: [[Int!]!] }
  union Found = Account | Subscription
  enum State { ACTIVE ENDED }
  type Query { account(id: ID!): Account party: Party! search(text: String, states: [State!]): [Found] strict: Account! }
`);

type Source = Readonly<Record<string, unknown>>;

/** Resolvers that give what stands in their source, now or later. */
function resolveAs(type: string, field: string, resolve: (source: Source, given: Source) => unknown): void {
  const one = (schema.getType(type) as GraphQLObjectType).getFields()[field];
  if (one === undefined) throw new Error(`${type}.${field}`);
  one.resolve = (source: Source | undefined, given, context: Source) => resolve(source ?? context, given);
}
for (const field of ['account', 'party', 'search', 'strict']) {
  resolveAs('Query', field, (context) => given(context[field]));
}
resolveAs('Account', 'name', ({ name }) => given(name));
resolveAs('Account', 'subscriptions', ({ subscriptions }, { first, state }) =>
  Array.isArray(subscriptions)
    ? given(subscriptions.slice(0, Number(first) + (state === undefined ? 0 : 1)))
    : subscriptions,
);
resolveAs('Subscription', 'owner', ({ owner }) => given(owner));

/** A failure where the value stands for one. */
function given(value: unknown): unknown {
  if (value === 'throws') throw new Error('It failed');
  return value === 'rejects' ? pause(5).then(() => given('throws')) : value;
}

const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);

interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly context?: Source;
}

async function both({ query, variables = {}, context = {} }: Asked, of: GraphQLSchema = schema) {
  const document = parse(query);
  expect(validate(of, document, rules)).toEqual([]);
  const compiled = compileQuery(of, document);
  const contextValue = context;
  const { data, errors } = await execute({ schema: of, document, contextValue, variableValues: variables });
  return {
    isCompiled: compiled !== undefined,
    /** As text: its order counts. */
    expected: errors === undefined ? JSON.stringify(data) : undefined,
    answered: JSON.stringify(await compiled?.(context, variables)),
  };
}

const ann = { __typename: 'Account', id: 'a', name: 'Ann', seats: 3 };
const reseller = { __typename: 'Partner', id: 'p', name: null, kind: 'ENDED' };
const first = {
  __typename: 'Subscription',
  id: 's',
  quantity: null,
  state: 'ACTIVE',
  owner: reseller,
  notes: ['a', null],
};
const second = { ...first, id: 't', owner: Promise.resolve(ann), terms: [[1, 2], []] };
const context = {
  account: Promise.resolve({ ...ann, subscriptions: [first, Promise.resolve(second)] }),
  party: reseller,
  search: [first, null, Promise.resolve(ann)],
  strict: ann,
};

test.each<[string, Asked]>([
  [
    'names, lists and what comes later',
    {
      query:
        '{ account(id: "a") { name id subscriptions { id notes terms owner { name id } state } seats } }',
    },
  ],
  [
    'interfaces and unions by their types',
    {
      query:
        '{ party { __typename id ... on Partner { kind } ... on Account { seats } } search { __typename ... on Account { id } ... on Subscription { quantity } } }',
    },
  ],
  [
    'aliases, and fields that are selected twice',
    {
      query:
        '{ one: party { id } account(id: "a") { id } account(id: "a") { ...F seats } two: party { name id } } fragment F on Account { subscriptions { id } subscriptions { state } }',
    },
  ],
  [
    'variables and defaults',
    {
      query:
        'query ($n: Int, $s: State) { account(id: "a") { subscriptions(first: $n) { id } ended: subscriptions(first: 0, state: $s) { id } } }',
      variables: { s: 'ENDED' },
    },
  ],
  [
    'fields on conditions',
    {
      query:
        'query ($yes: Boolean!, $no: Boolean!) { party { id @include(if: $yes) name @skip(if: $yes) ... @include(if: $no) { other: id } ...P @skip(if: $no) } } fragment P on Party { again: name never: id @include(if: false) }',
      variables: { yes: true, no: false },
    },
  ],
])('answers as graphql-js does: %s', async (_, asked) => {
  const { isCompiled, expected, answered } = await both({ ...asked, context });
  expect(isCompiled).toBe(true);
  expect(expected).toBeDefined();
  expect(answered).toBe(expected);
});

test.each<[string, Source]>([
  ['a resolver that throws', { party: 'throws' }],
  ['a promise that rejects', { party: 'rejects' }],
  ['a failure below, later', { party: Promise.resolve({ __typename: 'Account', id: 'a', name: 'throws' }) }],
  ['null where there is none', { party: null }],
  ['null in a list that has none', { party: { ...ann, subscriptions: [null] } }],
  ['an error as a value', { party: new Error('It failed') }],
  ['a text that is no number', { party: { ...ann, seats: 'many', subscriptions: [] } }],
  ['a value that the enumeration has not', { party: { ...reseller, kind: 'OTHER' } }],
  ['no list', { party: { ...ann, subscriptions: { length: 0 } } }],
  ['an object of no type', { party: { id: 'a' } }],
  ['an object of another type', { party: first }],
  ['a function', { party: { ...reseller, id: () => 'p' } }],
  ['a text for an object', { party: 'text' }],
])('leaves to graphql-js: %s', async (_, values) => {
  const query = '{ party { id name ... on Account { seats subscriptions { id } } ... on Partner { kind } } }';
  const { isCompiled, answered } = await both({ query, context: values });
  expect(isCompiled).toBe(true);
  expect(answered).toBeUndefined();
});

it('leaves variables that do not fit to graphql-js', async () => {
  const compiled = compileQuery(schema, parse('query ($id: ID!) { account(id: $id) { id } }'));
  expect(await compiled?.(context, {})).toBeUndefined();
  expect(await compiled?.(context, { id: 'a' })).toEqual({ account: { id: 'a' } });
});

test.each([
  'query ($x: Boolean = true) { party { id name @include(if: $x) } }',
  'query ($x: Boolean = true) { party { id name @include(if: false) @skip(if: $x) } }',
  'query ($x: Boolean = true) { party { id ... on Account @skip(if: $x) { name } } }',
])('leaves a condition that is null to graphql-js: %s', async (query) => {
  const { isCompiled, expected, answered } = await both({ query, variables: { x: null }, context });
  expect(isCompiled).toBe(true);
  expect(expected).toBeUndefined();
  expect(answered).toBeUndefined();
});

it('leaves no rejection of a list unheard whose first item is no good', async () => {
  const unheard: unknown[] = [];
  const note = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', note);
  const search = [{ __typename: 'Other' }, Promise.reject(new Error('It failed')), given('rejects')];
  const compiled = compileQuery(schema, parse('{ search { ... on Account { id } } }'));
  expect(await compiled?.({ search }, {})).toBeUndefined();
  await pause(10);
  process.off('unhandledRejection', note);
  expect(unheard).toEqual([]);
});

it('waits until nothing is under way any more before it says that something failed', async () => {
  let ended = false;
  const account = new Promise((resolve) => {
    setTimeout(() => {
      ended = true;
      resolve(ann);
    }, 20);
  });
  const compiled = compileQuery(schema, parse('{ account(id: "a") { id } party { id } }'));
  expect(await compiled?.({ account, party: 'throws' }, {})).toBeUndefined();
  expect(ended).toBe(true);
});

/** Thirty fragments, each of which has the next one twice. */
function fragmentsWithin(one: string): string {
  const fragments = Array.from({ length: 30 }, (_, index) => {
    const next = one.replace('NEXT', `F${index + 1}`);
    return `fragment F${index} on Subscription { ${next} ${next.replace('a:', 'b:').replace('@include', '@skip')} }`;
  });
  const last = 'fragment F30 on Subscription { id @include(if: false) }';
  return `query ($a: Boolean = true) { search { ...F0 } } ${fragments.join(' ')} ${last}`;
}

test.each<[string, string]>([
  ['introspection', '{ __type(name: "Account") { name } }'],
  [
    'a field that is selected twice and on a condition',
    'query ($a: Boolean!) { party { id @include(if: $a) id } }',
  ],
  ['a name that no object can have of its own', '{ __proto__: party { id } }'],
  [
    'fragments that stand for millions of fields',
    fragmentsWithin('a: owner { ...on Account { subscriptions { ...NEXT } } }'),
  ],
  ['fragments that stand for millions of nothing', fragmentsWithin('...NEXT @include(if: $a)')],
])('does not compile %s', (_, query) => {
  expect(compileQuery(schema, parse(query))).toBeUndefined();
});

test('does not compile what wants to know its place below the root, and tells the root its own', async () => {
  const own = buildSchema('type Query { at(n: Int): Below } type Below { place: String }');
  const { at } = own.getQueryType()?.getFields() ?? {};
  const { place } = (own.getType('Below') as GraphQLObjectType).getFields();
  if (at === undefined || place === undefined) throw new Error('A field is missing');
  at.resolve = (_source, _given, _context, { path, fieldName, variableValues }) => ({
    place: JSON.stringify({ path, fieldName, variableValues }),
  });
  const query = 'query ($n: Int) { here: at(n: $n) { place } }';
  const { expected, answered } = await both({ query, variables: { n: 1 } }, own);
  expect(answered).toBe(expected);
  place.resolve = (_source, _given, _context, { fieldName }) => fieldName;
  expect(compileQuery(own, parse(query))).toBeUndefined();
});

/** Queries over the schema: every name of an answer stands for one field, with fragments and conditions between. */
const leaf = (name: string) => fc.constant(name);
const selection = fc.letrec<Record<'party' | 'account' | 'partner' | 'subscription' | 'found', string>>(
  (tie) => {
    const set = (...fields: fc.Arbitrary<string>[]) =>
      fc
        .array(
          fc.tuple(
            fc.oneof(...fields),
            fc.constantFrom('', '', ' @include(if: $yes)', ' @skip(if: $yes)', ' @skip(if: $no)'),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        )
        .map((chosen) => {
          const alone = chosen.map(([text, on], index) => {
            if (text.startsWith('...')) return text;
            const [, name = '', rest = ''] = /^(\w+)(.*)$/s.exec(text) ?? [];
            const [, given = '', below = ''] = /^(\([^)]*\))?(.*)$/s.exec(rest) ?? [];
            return `f${index}: ${name}${given}${on}${below}`;
          });
          return `{ ${alone.join(' ')} __typename }`;
        });
    const depth = { maxDepth: 3 };
    const on = (type: string, of: fc.Arbitrary<string>) => of.map((below) => `... on ${type} ${below}`);
    return {
      party: set(leaf('id'), leaf('name'), on('Account', tie('account')), on('Partner', tie('partner'))),
      account: fc.oneof(
        depth,
        set(leaf('id'), leaf('name'), leaf('seats')),
        set(
          leaf('id'),
          tie('subscription').map((below) => `subscriptions(first: $n)${below}`),
          leaf('name'),
        ),
      ),
      partner: set(leaf('id'), leaf('kind')),
      subscription: fc.oneof(
        depth,
        set(leaf('id'), leaf('quantity'), leaf('state'), leaf('notes'), leaf('terms')),
        set(
          leaf('state'),
          tie('party').map((below) => `owner${below}`),
        ),
      ),
      found: set(on('Account', tie('account')), on('Subscription', tie('subscription'))),
    };
  },
);
const query = fc.tuple(selection.party, selection.account, selection.found).map(([party, account, found]) => {
  let names = 0;
  const text = `{ party ${party} account(id: "a") ${account} search ${found} }`.replaceAll(
    /\bf\d(?=:)/g,
    () => `f${names++}`,
  );
  return `query ($yes: Boolean = true, $no: Boolean = false, $n: Int) ${text}`;
});

/** Values, some of which come later, and one in so many of which is no good; none with 0. */
function data(faults: number) {
  const later = (value: unknown) =>
    fc.constantFrom(value, Promise.resolve(value), new Promise((resolve) => setImmediate(resolve, value)));
  const bad = fc.constantFrom<unknown>(null, undefined, 'throws', {}, 'text', 4.5);
  const maybe = (good: fc.Arbitrary<unknown>) =>
    faults === 0 ? good : fc.oneof({ arbitrary: good, weight: faults }, { arbitrary: bad, weight: 1 });
  const state = maybe(fc.constantFrom('ACTIVE', 'ENDED'));
  const partner = fc.record({
    __typename: fc.constant('Partner'),
    id: maybe(fc.string()),
    name: maybe(fc.string()),
    kind: state,
  });
  const subscription = (owner: fc.Arbitrary<unknown>) =>
    fc.record({
      __typename: fc.constant('Subscription'),
      id: maybe(fc.string()),
      quantity: maybe(fc.integer({ min: 0, max: 9 })),
      state,
      owner: maybe(owner),
      notes: maybe(fc.array(fc.option(fc.string()), { maxLength: 2 })),
      terms: maybe(fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }), { maxLength: 2 })),
    });
  const account = fc.record({
    __typename: fc.constant('Account'),
    id: maybe(fc.string()),
    name: maybe(fc.string().filter((text) => text !== 'throws')),
    seats: maybe(fc.integer({ min: 0, max: 9 })),
    subscriptions: maybe(fc.array(subscription(partner).chain(later), { maxLength: 3 })),
  });
  return fc.record({
    party: maybe(fc.oneof(account, partner).chain(later)),
    account: maybe(account.chain(later)),
    search: maybe(fc.array(fc.oneof(account, subscription(account)).chain(later), { maxLength: 3 })),
  });
}

test('of any query and any data it gives what graphql-js gives', async () => {
  await fc.assert(
    fc.asyncProperty(query, data(0), fc.option(fc.nat(2), { nil: undefined }), async (text, values, n) => {
      const { isCompiled, expected, answered } = await both({
        query: text,
        context: values,
        variables: n === undefined ? {} : { n },
      });
      expect(isCompiled).toBe(true);
      expect(expected).toBeDefined();
      expect(answered).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

test('of data with faults it gives what graphql-js gives, or nothing', async () => {
  await fc.assert(
    fc.asyncProperty(query, data(15), async (text, values) => {
      const { expected, answered } = await both({ query: text, context: values });
      if (answered !== undefined) expect(answered).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
