import { createHash } from 'node:crypto';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { compile } from '../../src/execution/compile.js';
import { createApolloPlanner } from '../../src/planning/apollo-planner.js';
import { composeSubgraphs, createServices, executeOver } from './federation.js';
import { randomOperation, type RandomOperation } from './random-operation.js';
import { Random } from './random.js';
import { World } from './world.js';

const supergraphSdl = composeSubgraphs();
const planner = createApolloPlanner(supergraphSdl);
const { apiSchema: schema, supergraphSchema: supergraph } = planner;
const services = createServices();

/** How stock @apollo/gateway answers over the same services; undefined where it cannot. */
async function createStock() {
  const buildService = ({ name }: { name: string }): GraphQLDataSource<World> => ({
    process: async ({ request, context }) => {
      const { representations, ...variables } = request.variables ?? {};
      const fetch = {
        kind: 'Fetch',
        serviceName: name,
        operation: request.query ?? '',
        operationKind: 'query',
      };
      return services(
        { fetch, variables, ...(representations && { representations }) } as never,
        context as World,
      );
    },
  });
  const { executor } = await new ApolloGateway({ supergraphSdl, buildService, logger: silent }).load();
  return async ({ source, variables }: RandomOperation, world: World): Promise<unknown> => {
    const document = parse(source);
    const queryHash = createHash('sha256').update(source).digest('hex');
    const request = { query: source, variables };
    const context = { document, source, queryHash, request, schema, context: world };
    const operation = getOperationAST(document);
    const answer = await executor({ ...context, operation, operationName: null, cache: noCache } as never);
    return answer.data;
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const noCache = { get: async () => undefined, set: async () => undefined, delete: async () => undefined };

async function ours({ source, variables }: RandomOperation, world: World): Promise<unknown> {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  const plan = planner.plan(document);
  const compiled = compile<World>({ schema, supergraph, document, operation, plan });
  return JSON.parse((await compiled.execute({ variables: coerced, context: world, fetch: services })).data);
}

test('where stock @apollo/gateway answers rightly we answer the same, and where it does not we do', async () => {
  const stock = await createStock();
  const count = { right: 0, wrong: 0 };
  for (let seed = 50_000; count.right + count.wrong < 150; seed += 1) {
    const operation = randomOperation(schema, new Random(seed));
    if (validate(schema, parse(operation.source)).length > 0 || !operation.source.startsWith('query'))
      continue;
    const world = () => new World(seed, { share: 0 });
    const { data } = await executeOver(schema, parse(operation.source), operation.variables, world());
    const right: unknown = JSON.parse(JSON.stringify(data));
    const asked = { seed, ...operation };
    expect({ ...asked, data: await ours(operation, world()) }).toEqual({ ...asked, data: right });
    const other: unknown = await stock(operation, world()).catch(() => undefined);
    const isRight = JSON.stringify(other) === JSON.stringify(right);
    count[isRight ? 'right' : 'wrong'] += 1;
  }
  process.stdout.write(`stock @apollo/gateway: ${count.right} right, ${count.wrong} wrong\n`);
  expect(count.right).toBeGreaterThan(75);
}, 180_000);
