import type { ProtectedFields, Requirement } from '@fulfillment/schema/audience';
import {
  buildSchema,
  execute,
  getOperationAST,
  Kind,
  parse,
  print,
  validate,
  visit,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { compile } from '../../execution/compile.js';
import type { SubgraphAnswer, SubgraphRequest } from '../../execution/subgraph-fetch.js';
import type { QueryPlan } from '../../planning/query-plan.js';
import { createJudge, describeRequirement } from './access.js';
import { filterOperation } from './filter.js';

const schema = buildSchema(`
  type Query { me: Person  people: [[Person!]]  pets(first: Int = 2, kind: String): [Pet!]  secret: String  must: Must! }
  type Must { secret: String!  open: String }
  type Mutation { pay(amount: Int!): String  rename(name: String!): String }
  type Person { id: ID!  name: String  salary(currency: String): Int  pet: Pet  pets: [Pet!]!  boss: Person  code: String! }
  interface Pet { id: ID!  name: String  owner: Person }
  type Cat implements Pet { id: ID!  name: String  owner: Person  lives: Int }
  type Dog implements Pet { id: ID!  name: String  owner: Person  chip: String }
`);

const needs = (...scopes: string[][]): Requirement => ({ authenticated: false, scopes, policies: [] });

const rules: ProtectedFields = new Map([
  ['Query', new Map([['secret', needs(['secrets'])]])],
  ['Mutation', new Map([['pay', needs(['money'])]])],
  ['Must', new Map([['secret', needs(['secrets'])]])],
  [
    'Person',
    new Map([
      ['salary', needs(['money'], ['hr', 'read'])],
      ['code', needs(['codes'])],
    ]),
  ],
  [
    'Dog',
    new Map([
      ['name', needs(['dogs'])],
      ['chip', needs(['dogs'])],
    ]),
  ],
  ['Cat', new Map([['lives', { authenticated: false, scopes: [], policies: [['vets']] }]])],
]);

const tom = { __typename: 'Cat', id: 'tom', name: 'Tom', lives: 7 };
const rex = { __typename: 'Dog', id: 'rex', name: 'Rex', chip: 'x1' };
const person: Record<string, unknown> = {
  id: 'ada',
  name: 'Ada',
  salary: 1,
  pet: rex,
  pets: [tom, rex],
  code: '007',
};
person['boss'] = person;
const rootValue = {
  me: person,
  people: [[person], null, [person, person]],
  pets: [rex, tom],
  secret: 's',
  must: { secret: 's', open: 'o' },
};

/** What goes to the services for an operation, and what the client gets of it. */
async function run(
  source: string,
  { scopes = [], variables = {} }: { scopes?: string[]; variables?: Record<string, unknown> } = {},
) {
  const document = parse(source);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const judge = createJudge(rules, new Set(scopes));
  const filtered = filterOperation(schema, document, operation, judge);
  expect(validate(schema, filtered.document)).toEqual([]);
  const sent = print(filtered.document);
  const compiled = compile<null>({
    schema,
    document,
    operation,
    plan: planOf(filtered.operation, sent),
    denied: (typeName, fieldName) => {
      const unmet = judge(typeName, fieldName);
      return unmet && `${typeName}.${fieldName} needs ${describeRequirement(unmet)}.`;
    },
  });
  const { data, errors } = await compiled.execute({ variables, context: null, fetch: answerOf });
  return {
    removed: filtered.removed,
    sent: sent.replaceAll(/\s+/g, ' '),
    data: JSON.parse(data) as Record<string, unknown>,
    paths: errors.map(({ path }) => path?.join('.')),
    errors,
  };
}

/** Everything is asked of one service; objects say their type, as a planner would have it. */
function planOf(operation: OperationDefinitionNode, sent: string): QueryPlan {
  const variables = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const typed = visit(parse(sent), {
    SelectionSet: (set) => ({ ...set, selections: [...set.selections, typename] }),
  });
  return {
    node: {
      kind: 'Fetch',
      serviceName: 'all',
      operation: print(typed),
      operationKind: operation.operation,
      variableUsages: variables,
    },
  };
}

const typename: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

async function answerOf({ fetch, variables }: SubgraphRequest): Promise<SubgraphAnswer> {
  const document = parse(fetch.operation);
  expect(validate(schema, document)).toEqual([]);
  const answer = await execute({ schema, document, rootValue, variableValues: variables });
  expect(answer.errors).toBeUndefined();
  return JSON.parse(JSON.stringify({ data: answer.data })) as SubgraphAnswer;
}

describe('fields that the viewer may not see', () => {
  it('are not asked for, are null and carry one error each, while the rest answers', async () => {
    const { sent, data, errors, removed } = await run('{ me { id salary name } secret }');
    expect(removed).toBe(true);
    expect(sent).toBe('{ me { id name } }');
    expect(data).toEqual({ me: { id: 'ada', salary: null, name: 'Ada' }, secret: null });
    expect(Object.keys(data['me'] as object)).toEqual(['id', 'salary', 'name']);
    expect(errors.map((error) => error.toJSON())).toEqual([
      {
        message: 'Person.salary needs the scope money, or hr and read.',
        path: ['me', 'salary'],
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
      },
      {
        message: 'Query.secret needs the scope secrets.',
        path: ['secret'],
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
      },
    ]);
  });

  it.each([
    [['money'], true],
    [['hr', 'read'], true],
    [['hr'], false],
    [['read'], false],
    [['Money'], false],
    [[], false],
  ])('with the scopes %j: %s', async (scopes, mayAsk) => {
    const { removed, paths } = await run('{ me { salary } }', { scopes });
    expect(removed).toBe(!mayAsk);
    expect(paths).toEqual(mayAsk ? [] : ['me.salary']);
  });

  it('are found under aliases, each position by its response key', async () => {
    const { sent, data, paths } = await run('{ a: me { x: salary  y: salary(currency: "EUR")  name: id } }');
    expect(sent).toBe('{ a: me { name: id } }');
    expect(data).toEqual({ a: { x: null, y: null, name: 'ada' } });
    expect(paths).toEqual(['a.x', 'a.y']);
  });

  it('leave a valid selection when nothing else was selected', async () => {
    const { sent, data } = await run('{ me { salary boss { salary } } }');
    expect(sent).toBe('{ me { boss { __typename } } }');
    expect(data).toEqual({ me: { salary: null, boss: { salary: null } } });
  });

  it('leave nothing for a service when they are all there is', async () => {
    const { sent, data, paths } = await run('{ secret again: secret }');
    expect(sent).toBe('{ __typename }');
    expect(data).toEqual({ secret: null, again: null });
    expect(paths).toEqual(['secret', 'again']);
  });

  it('are null at every place of nested lists, and null lists stay null', async () => {
    const { data, paths } = await run('{ people { salary } }');
    expect(data).toEqual({ people: [[{ salary: null }], null, [{ salary: null }, { salary: null }]] });
    expect(paths).toEqual(['people.0.0.salary', 'people.2.0.salary', 'people.2.1.salary']);
  });

  it('are found in fragments, named, nested and inline, and unused fragments go', async () => {
    const { sent, data, paths } = await run(`
      query { me { ...Outer } secretly: secret ...Root }
      fragment Root on Query { ...Deeper }
      fragment Deeper on Query { secret }
      fragment Outer on Person { id ...Inner ... { salary } ... on Person { boss { ...Inner } } }
      fragment Inner on Person { name pay: salary }`);
    expect(sent).not.toContain('salary');
    expect(sent).not.toContain('secret');
    expect(data).toEqual({
      me: { id: 'ada', name: 'Ada', pay: null, salary: null, boss: { name: 'Ada', pay: null } },
      secretly: null,
      secret: null,
    });
    expect(paths).toEqual(['me.pay', 'me.salary', 'me.boss.pay', 'secretly', 'secret']);
  });

  it('take unused variables with them', async () => {
    const { sent } = await run(
      'query Q($c: String, $n: Int = 1, $k: String) { me { salary(currency: $c) } pets(first: $n, kind: $k) { id } }',
    );
    expect(sent).toBe(
      'query Q($n: Int = 1, $k: String) { me { __typename } pets(first: $n, kind: $k) { id } }',
    );
  });

  it('rise as null when their type may not be null', async () => {
    const { data, paths } = await run('{ me { id code } people { code } }');
    expect(data).toEqual({ me: null, people: [null, null, null] });
    expect(paths).toEqual(['me.code', 'people.0.0.code', 'people.2.0.code', 'people.2.1.code']);
    expect((await run('{ must { open secret } me { id } }')).data).toBeNull();
  });

  it('of a policy are refused to everybody', async () => {
    const { data, errors } = await run('{ pets { ... on Cat { lives } } }', { scopes: ['vets'] });
    expect(data).toEqual({ pets: [{}, { lives: null }] });
    expect(errors[0]?.message).toContain('a policy that nobody fulfills');
  });
});

describe('fields of interfaces', () => {
  it('are asked of the types that allow them, and are null on the others', async () => {
    const { sent, data, paths } = await run('{ pets { id name } me { pet { n: name } } }');
    expect(sent).toBe('{ pets { id ... on Cat { name } } me { pet { ... on Cat { n: name } } } }');
    expect(data).toEqual({
      pets: [
        { id: 'rex', name: null },
        { id: 'tom', name: 'Tom' },
      ],
      me: { pet: { n: null } },
    });
    expect(paths).toEqual(['pets.0.name', 'me.pet.n']);
  });

  it('are judged by the type of the object in fragments on the interface', async () => {
    const { data, paths } = await run(`
      { me { pets { ...P ... on Dog { chip } } } pets { __typename ...P } }
      fragment P on Pet { name ... on Pet { id } }`);
    expect(data).toEqual({
      me: {
        pets: [
          { name: 'Tom', id: 'tom' },
          { name: null, id: 'rex', chip: null },
        ],
      },
      pets: [
        { __typename: 'Dog', name: null, id: 'rex' },
        { __typename: 'Cat', name: 'Tom', id: 'tom' },
      ],
    });
    expect(paths).toEqual(['me.pets.1.name', 'me.pets.1.chip', 'pets.0.name']);
  });

  it('keep what is below them', async () => {
    const { data } = await run('{ pets { name owner { salary } } me { pet { id } salary } }');
    expect(data).toEqual({
      pets: [
        { name: null, owner: null },
        { name: 'Tom', owner: null },
      ],
      me: { pet: { id: 'rex' }, salary: null },
    });
  });
});

describe('@skip and @include', () => {
  it.each([
    ['@skip(if: true)', []],
    ['@skip(if: false)', ['me.salary']],
    ['@include(if: false)', []],
    ['@include(if: $yes)', ['me.salary']],
    ['@include(if: $no)', []],
    ['@skip(if: $yes)', []],
    ['@skip(if: $no) @include(if: $yes)', ['me.salary']],
  ])('a field with %s has errors at %j', async (directives, expected) => {
    const variables = { yes: true, no: false };
    const { data, paths } = await run(
      `query ($yes: Boolean!, $no: Boolean!) { me { id salary ${directives} y: name @include(if: $yes) n: name @skip(if: $no) } }`,
      { variables },
    );
    expect(paths).toEqual(expected);
    expect(data['me']).toEqual({
      id: 'ada',
      y: 'Ada',
      n: 'Ada',
      ...(expected.length ? { salary: null } : {}),
    });
  });

  it('also on fragments', async () => {
    const { paths } = await run(
      `query ($no: Boolean!) { me { ...S @include(if: $no) ... @skip(if: true) { b: salary } ... @include(if: true) { c: salary } boss { ...S } } }
       fragment S on Person { salary }`,
      { variables: { no: false } },
    );
    expect(paths).toEqual(['me.c', 'me.boss.salary']);
  });
});

describe('mutations', () => {
  it('that the viewer may not make are not sent, the others are, in their order', async () => {
    const { sent, paths } = await run(
      'mutation ($a: Int!) { first: rename(name: "a") pay(amount: $a) last: rename(name: "b") }',
      { variables: { a: 1 } },
    );
    expect(sent).toBe('mutation { first: rename(name: "a") last: rename(name: "b") }');
    expect(paths).toEqual(['pay']);
  });
});

it('an operation that may be seen whole is left as it is', async () => {
  const source = '{ me { id pet { id ... on Cat { name } } } }';
  expect((await run(source)).removed).toBe(false);
});

it('introspection is never taken out, nor the fragments in it', async () => {
  const { sent } = await run(
    '{ __schema { queryType { ...T } } secret } fragment T on __Type { name ...K } fragment K on __Type { kind }',
  );
  expect(sent).toContain('{ __schema { queryType { ...T } } }');
  expect(sent).toContain('fragment K on __Type { kind }');
});
