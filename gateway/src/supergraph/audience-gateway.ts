import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { getVariableValues, GraphQLError, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.js';
import { gatewayError } from '../errors.js';
import type { CompiledOperation } from '../execution/compile.js';
import type { SubgraphFetch } from '../execution/subgraph-fetch.js';
import { onceForEachService } from '../protection/answer.js';
import type { Generation } from './generation.js';
import type { Generations } from './generations.js';

/** What operations are compiled to. */
export type Compiled = CompiledOperation<GatewayContext>;

/**
 * One audience's part of the supergraph in use, in the form that @apollo/server takes. A request is answered by the
 * generation whose schema it was validated against, however many are taken meanwhile.
 *
 * @param fetchOf how services are asked by a generation
 */
export function createAudienceGateway<Cost>(
  generations: Generations<Compiled, Cost>,
  audience: string,
  fetchOf: (generation: Generation<Compiled, Cost>) => SubgraphFetch<GatewayContext>,
): GatewayInterface {
  const schemaOf = (generation: Generation<Compiled, Cost>): GraphQLSchema => {
    const planner = generation.planners.get(audience);
    if (planner === undefined) throw new Error(`There is no schema for the audience ${audience}`);
    return planner.apiSchema;
  };
  const executor: GatewayExecutor = async (requestContext) => {
    const request = requestContext as GatewayGraphQLRequestContext<GatewayContext>;
    const generation = generations.of(request.schema);
    return answer(generation, audience, request, fetchOf(generation));
  };
  return {
    onSchemaLoadOrUpdate: (callback) => {
      const tell = (generation: Generation<Compiled, Cost>) =>
        callback({ apiSchema: schemaOf(generation), coreSupergraphSdl: generation.id });
      generations.onChange(tell);
      tell(generations.current());
      return () => undefined;
    },
    load: async () => ({ executor }),
    stop: async () => undefined,
  };
}

async function answer<Cost>(
  { operations }: Generation<Compiled, Cost>,
  audience: string,
  { context, source, request, schema }: GatewayGraphQLRequestContext<GatewayContext>,
  fetch: SubgraphFetch<GatewayContext>,
): Promise<GatewayExecutionResult> {
  const { viewer, trace } = context;
  const { scopes } = viewer;
  const preparation = operations.prepare({
    source,
    operationName: request.operationName,
    audience,
    scopes,
    trace,
  });
  if (preparation.errors !== undefined) return { errors: preparation.errors };
  const { operation, compiled } = preparation.prepared;
  const variables = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
  if (variables.errors !== undefined) return { errors: variables.errors.map(asUserInput) };
  try {
    const { data, errors, count } = await compiled.execute({
      variables: variables.coerced,
      context,
      fetch,
      signal: context.clientGone,
      trace,
    });
    context.record.executed = { count, hasData: data !== 'null' };
    return {
      data: JSON.parse(data) as Record<string, unknown> | null,
      ...(errors.length > 0 && { errors: onceForEachService(errors) }),
    };
  } catch (error) {
    if (context.clientGone.aborted) return { errors: [gatewayError('BAD_REQUEST', 'The client has gone.')] };
    throw error;
  }
}

function asUserInput({ message, nodes, path }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    path: path ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
