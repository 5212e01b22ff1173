import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ProtectedFields } from '@fulfillment/schema/audience';
import { beforeEach, describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../test/kit/supergraph.js';
import { createApolloPlanner } from '../planning/apollo-planner.js';
import type { Planner } from '../planning/planner.js';
import { unplannable } from '../planning/unplannable.js';
import { createOperations, type Operations } from './operations.js';
import { hashOf } from './validate.js';

const planner = createApolloPlanner(
  composeSupergraph({
    people: `
      type Query { person(id: ID!): Person people: [Person!]! }
      type Mutation { rename(id: ID!, name: String!): Person }
      type Person @key(fields: "id") { id: ID! name: String salary: Int bonus: Int }
    `,
    pets: 'type Person @key(fields: "id") { id: ID! pets: [String!] }',
  }),
);

const rules: ProtectedFields = new Map([
  [
    'Person',
    new Map([
      ['salary', { authenticated: true, scopes: [['pay']], policies: [] }],
      ['bonus', { authenticated: true, scopes: [['pay', 'bonus'], ['board']], policies: [] }],
    ]),
  ],
]);

const planned: string[] = [];
const unplanned: string[] = [];
const counting: Planner = {
  ...planner,
  plan: (document, operationName) => {
    planned.push(operationName ?? '');
    if (operationName === 'Impossible') throw unplannable(new Error('no path'));
    return planner.plan(document, operationName);
  },
};

function create(maxBytes = 1_000_000): Operations<string, number> {
  return createOperations({
    planners: new Map([
      ['staff', counting],
      ['public', counting],
    ]),
    rules,
    maxBytes,
    stages: {
      compile: ({ hash }) => `compiled ${hash}`,
      cost: ({ document }) => document.definitions.length,
    },
    onUnplannable: ({ operation }, { cause }) =>
      unplanned.push(
        `${operation.name?.value}: ${String((cause as { originalError?: Error }).originalError?.message)}`,
      ),
  });
}

const ask = (source: string, scopes: readonly string[] = [], operationName?: string, audience = 'staff') => ({
  source,
  audience,
  operationName,
  scopes: new Set(scopes),
});

let operations: Operations<string, number>;
beforeEach(() => {
  planned.length = 0;
  unplanned.length = 0;
  operations = create();
});

const codes = (source: string, operationName?: string) =>
  operations.prepare(ask(source, [], operationName)).errors?.map(({ extensions }) => extensions['code']);

describe('an operation', () => {
  it('is prepared once, with its plan, what it is compiled to and its cost', () => {
    const source = 'query A { people { name pets } }';
    const { prepared } = operations.prepare(ask(source));
    expect(prepared).toMatchObject({ compiled: `compiled ${hashOf(source)}`, cost: 1, audience: 'staff' });
    expect(prepared?.plan.node?.kind).toBe('Sequence');
    expect(operations.prepare(ask(source)).prepared).toBe(prepared);
    expect(planned).toEqual(['A']);
  });

  it('is another one for another audience, operation name or text', () => {
    const source = 'query A { people { name } } query B { people { id } }';
    operations.prepare(ask(source, [], 'A'));
    operations.prepare(ask(source, [], 'B'));
    operations.prepare(ask(source, [], 'A', 'public'));
    operations.prepare(ask(`${source} `, [], 'A'));
    expect(planned).toEqual(['A', 'B', 'A', 'A']);
  });

  it('is the same for viewers whose scopes make no difference to it', () => {
    const prepare = (...scopes: string[]) =>
      operations.prepare(ask('query A { people { salary } }', scopes)).prepared;
    expect(prepare('pay', 'board')).toBe(prepare('pay', 'other'));
    expect(prepare('other')).toBe(prepare());
    expect(prepare()).not.toBe(prepare('pay'));
    expect(planned).toEqual(['A', 'A']);
  });

  it('asks services for nothing that the viewer may not see', () => {
    const source = 'query A { people { name bonus } }';
    const planOf = (...scopes: string[]) =>
      JSON.stringify(operations.prepare(ask(source, scopes)).prepared?.plan);
    expect(planOf('pay')).not.toContain('bonus');
    expect(planOf('pay', 'bonus')).toContain('bonus');
    expect(planOf('board')).toContain('bonus');
    expect(operations.prepare(ask(source, ['pay'])).prepared?.judge('Person', 'bonus')).not.toBeNull();
  });
});

describe('a text that is refused', () => {
  it.each([
    ['query {', undefined, 'GRAPHQL_PARSE_FAILED'],
    ['', undefined, 'GRAPHQL_PARSE_FAILED'],
    ['{ people { shoes } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { people { name } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { people { id } }', 'B', 'OPERATION_RESOLUTION_FAILURE'],
    ['query A { people { id } } query B { people { id } }', undefined, 'OPERATION_RESOLUTION_FAILURE'],
    ['fragment F on Person { id }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['query Impossible { people { id } }', undefined, 'QUERY_CANNOT_BE_PLANNED'],
  ])('%s (%s): %s', (source, operationName, code) => {
    expect(codes(source, operationName)).toContain(code);
  });

  it('says where, and is looked at once', () => {
    const source = '{\n  people { shoes } }';
    const { errors } = operations.prepare(ask(source));
    expect(errors?.[0]).toMatchObject({ locations: [{ line: 2, column: 12 }] });
    expect(operations.prepare(ask(source)).errors).toBe(errors);
  });

  it('for want of a plan is told of once, with the cause', () => {
    codes('query Impossible { people { id } }');
    codes('query Impossible { people { id } }');
    expect(unplanned).toEqual(['Impossible: no path']);
  });
});

describe('memory', () => {
  const text = (index: number) => `query Q${index} { people { name alias${index}: pets } }`;

  it('is bounded, and so is what is remembered of refusals', () => {
    operations = create(200_000);
    for (let index = 0; index < 300; index += 1) {
      operations.prepare(ask(text(index)));
      operations.prepare(ask(`{ people { shoes${index} } }`));
      expect(operations.size().bytes).toBeLessThanOrEqual(200_000);
    }
    expect(operations.size().operations).toBeGreaterThan(5);
    expect(operations.size().operations).toBeLessThan(300);
    planned.length = 0;
    operations.prepare(ask(text(299)));
    expect(planned).toEqual([]);
    operations.prepare(ask(text(0)));
    expect(planned).toEqual(['Q0']);
  });

  it('does not push out what is kept', () => {
    operations = create(50_000);
    const { prepared } = operations.keep(ask('query Kept { people { salary bonus } }'));
    expect(JSON.stringify(prepared?.plan)).toContain('bonus');
    for (let index = 0; index < 100; index += 1) operations.prepare(ask(text(index)));
    planned.length = 0;
    const scopes = ['pay', 'bonus', 'board'];
    const source = 'query Kept { people { salary bonus } }';
    expect(operations.prepare(ask(source, scopes)).prepared).toBe(prepared);
    expect(operations.prepare(ask(source, scopes, 'Kept')).prepared).toBe(prepared);
    expect(planned).toEqual([]);
  });

  it('is estimated within a factor of three of what it is', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    operations = create(1_000_000_000);
    operations.prepare(ask(text(-1)));
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 500; index += 1) operations.prepare(ask(text(index)));
    collect();
    const ratio = operations.size().bytes / (process.memoryUsage().heapUsed - before);
    expect(ratio).toBeGreaterThan(1 / 3);
    expect(ratio).toBeLessThan(3 * 3); // nothing is compiled here, which the estimate allows for
  });
});
