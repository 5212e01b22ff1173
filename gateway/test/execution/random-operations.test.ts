import { Supergraph } from '@apollo/federation-internals';
import { buildSchema, getOperationAST, getVariableValues, parse, validate, type GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compile, type ExecutionResult } from '../../src/execution/compile.js';
import { createApolloPlanner } from '../../src/planning/apollo-planner.js';
import { composeSupergraph, createServices, executeOver } from './federation.js';
import { randomOperation, type RandomOperation } from './random-operation.js';
import { Random } from './random.js';
import { World } from './world.js';

const supergraphSdl = composeSupergraph();
const planner = createApolloPlanner(supergraphSdl);
const schema = planner.apiSchema;
const supergraph = buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true });
const services = createServices();
void Supergraph;

type Path = readonly (string | number)[];
interface Answer {
  readonly data: string;
  readonly errors: readonly { readonly path: Path | undefined; readonly message: string }[];
}

const told = (errors: readonly GraphQLError[] = []) => errors.map(({ path, message }) => ({ path, message }));

async function ours({ source, variables }: RandomOperation, world: World): Promise<Answer> {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced === undefined) throw new Error(errors.join('\n'));
  const plan = planner.plan(document);
  const compiled = compile<World>({ schema, supergraph, document, operation, plan });
  const result: ExecutionResult = await compiled.execute({ variables: coerced, context: world, fetch: services });
  return { data: result.data, errors: told(result.errors) };
}

async function reference({ source, variables }: RandomOperation, world: World): Promise<Answer> {
  const { data, errors } = await executeOver(schema, parse(source), variables, world);
  return { data: JSON.stringify(data), errors: told(errors) };
}

/** The nulls of an answer that its errors explain: an error below a null that rose is one of that null. */
function explainedNulls({ data, errors }: Answer): string[] {
  const parsed: unknown = JSON.parse(data);
  const nulls = errors.map(({ path = [] }) => {
    let value = parsed;
    const reached: (string | number)[] = [];
    for (const part of path) {
      if (value === null || value === undefined) break;
      value = (value as Record<string, unknown>)[part];
      reached.push(part);
    }
    return JSON.stringify(reached);
  });
  return [...new Set(nulls)].sort();
}

const perSlice = 250;

describe('random operations are answered as by graphql-js over one schema', () => {
  it.each(Array.from({ length: 8 }, (_, slice) => slice))(`slice %i of ${perSlice} each`, async (slice) => {
    for (let number = 0; number < perSlice; number += 1) {
      const seed = slice * perSlice + number;
      const random = new Random(seed);
      const operation = randomOperation(schema, random);
      if (validate(schema, parse(operation.source)).length > 0) continue;
      const faults = { share: random.pick([0, 0, 0.05, 0.2]) };
      const expected = await reference(operation, new World(seed, faults));
      const actual = await ours(operation, new World(seed, faults));
      const shown = `seed ${seed}\n${operation.source}\n${JSON.stringify(operation.variables)}\n${JSON.stringify(actual.errors)}\n${JSON.stringify(expected.errors)}`;
      expect(actual.data, shown).toBe(expected.data);
      expect(explainedNulls(actual), shown).toEqual(explainedNulls(expected));
    }
  });
});
