import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/execution/compile.js';
import { createApolloPlanner } from '../../src/planning/apollo-planner.js';
import { compileCost } from '../../src/protection/cost/compile-cost.js';
import { CostModel } from '../../src/protection/cost/cost-model.js';
import { readCostRules } from '../../src/protection/cost/cost-rules.js';
import type { SubgraphFetch } from '../../src/execution/subgraph-fetch.js';
import { batching } from '../../src/subgraph-client/batching.js';
import { composeSubgraphs, createServices, executeOver } from './federation.js';
import { randomOperation, type RandomOperation } from './random-operation.js';
import { Random } from './random.js';
import { World } from './world.js';

const planner = createApolloPlanner(composeSubgraphs());
const schema = planner.apiSchema;
const services = batching(counted(createServices()));
const compared = { operations: 0, costs: 0, withErrors: 0, mutations: 0, refused: 0, merged: 0, torn: 0 };

/** Counts the requests that were merged of several, and tears some: a service may answer none of their parts for the sake of one. */
function counted(fetch: SubgraphFetch<World>): SubgraphFetch<World> {
  return async (request, world) => {
    if (!request.fetch.operation.includes('part1:_entities')) return fetch(request, world);
    compared.merged += 1;
    if (compared.merged % 5 !== 0) return fetch(request, world);
    compared.torn += 1;
    return { data: null, errors: [{ message: 'The second part fails', path: ['part1'] }] };
  };
}

/** Objects cost 1 as always, and some fields, arguments, scalars and types more. */
const costs = new CostModel(
  schema,
  readCostRules(`
    type Query { product(id: ID @cost(weight: 3)): Product  media: [Media] @cost(weight: 5) }
    type Product { price(times: Float @cost(weight: 2)): Int @cost(weight: 4)  tags: [[String!]] }
    type Book @cost(weight: 6) { id: ID }
    scalar Float @cost(weight: 7)
    scalar String @cost(weight: 8)
  `),
);

interface Answer {
  readonly data: string;
  /** What it cost, as it was counted while it was written, and as it is counted afterwards. */
  readonly costs?: readonly [number, number];
  readonly errors: readonly { readonly path?: readonly (string | number)[] | undefined }[];
}

/** Undefined for an operation that is refused: a mutation that a plan would execute twice. */
async function ours({ source, variables }: RandomOperation, world: World): Promise<Answer | undefined> {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced === undefined) throw new Error(errors.join('\n'));
  const plan = planner.plan(document);
  try {
    const { supergraphSchema: supergraph } = planner;
    const { tally, actual } = compileCost(costs, document, operation);
    const compiled = compile<World>({ schema, supergraph, document, operation, plan, tally });
    const answer = await compiled.execute({ variables: coerced, context: world, fetch: services });
    return { ...answer, costs: [answer.count, actual(JSON.parse(answer.data), coerced)] };
  } catch (error) {
    if (operation.operation === OperationTypeNode.MUTATION && error instanceof GraphQLError) return undefined;
    throw error;
  }
}

async function reference({ source, variables }: RandomOperation, world: World): Promise<Answer> {
  const { data, errors = [] } = await executeOver(schema, parse(source), variables, world);
  return { data: JSON.stringify(data), errors };
}

/**
 * The nulls of an answer that its errors explain: an error below a null that rose is one of that null. An error at an
 * object tells of a field that the client did not ask for, which graphql-js has no word for.
 */
function explainedNulls({ data, errors }: Answer): string[] {
  const nulls = new Set<string>();
  for (const { path = [] } of errors) {
    let value: unknown = JSON.parse(data);
    const reached: (string | number)[] = [];
    for (const part of path) {
      if (value === null || value === undefined) break;
      value = (value as Record<string, unknown>)[part];
      reached.push(part);
    }
    if (value === null) nulls.add(JSON.stringify(reached));
  }
  return [...nulls].sort();
}

const slices = 20;
const perSlice = 110;
/** Many times what it takes: other tests run beside it. */
const patienceMs = 180_000;

describe('random operations are answered as by graphql-js over one schema', () => {
  it.each(Array.from({ length: slices }, (_, slice) => slice * perSlice))(
    `${perSlice} from seed %i on`,
    async (first) => {
      for (let seed = first; seed < first + perSlice; seed += 1) {
        const random = new Random(seed);
        const operation = randomOperation(schema, random);
        if (validate(schema, parse(operation.source)).length > 0) continue;
        const faults = { share: random.pick([0, 0, 0.05, 0.2]) };
        const expected = await reference(operation, new World(seed, faults));
        const actual = await ours(operation, new World(seed, faults));
        if (actual === undefined) {
          compared.refused += 1;
          continue;
        }
        const asked = { seed, ...operation };
        expect({ ...asked, data: actual.data, nulls: explainedNulls(actual) }).toEqual({
          ...asked,
          data: expected.data,
          nulls: explainedNulls(expected),
        });
        expect({ ...asked, cost: actual.costs?.[0] }).toEqual({ ...asked, cost: actual.costs?.[1] });
        compared.costs += actual.costs?.[0] ?? 0;
        compared.operations += 1;
        if (expected.errors.length > 0) compared.withErrors += 1;
        if (operation.source.startsWith('mutation')) compared.mutations += 1;
      }
    },
    patienceMs,
  );

  it('which were at least 2,000, many with errors, many mutations, few refused', () => {
    expect(compared.operations).toBeGreaterThanOrEqual(2_000);
    expect(compared.costs).toBeGreaterThan(20_000);
    expect(compared.withErrors).toBeGreaterThan(300);
    expect(compared.mutations).toBeGreaterThan(200);
    expect(compared.refused).toBeLessThan(60);
    expect(compared.merged).toBeGreaterThan(300);
    expect(compared.torn).toBeGreaterThan(50);
  });
});
