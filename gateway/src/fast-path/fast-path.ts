import type { ApolloServer, BaseContext } from '@apollo/server';
import type { Trace } from '@fulfillment/telemetry/tracing';
import { getVariableValues, GraphQLError, OperationTypeNode, type GraphQLFormattedError } from 'graphql';
import type { CompiledOperation } from '../execution/compile.js';
import { gatewayError } from '../errors.js';
import type { SubgraphFetch } from '../execution/subgraph-fetch.js';
import { Cancelled, type Cancellation } from '../in-flight/cancellation.js';
import type { InFlight } from '../in-flight/in-flight.js';
import type { Operations } from '../operation/operations.js';
import type { PreparedOperation } from '../operation/prepared-operation.js';
import type { PlainRequest } from './plain-request.js';
import { Executed } from './executed.js';
import { PluginRun, type PluginHead, type PluginResult, type Plugins } from './plugin-run.js';

/** What the fast path has to know of a request's context. */
export interface FastContext extends BaseContext {
  readonly trace?: Trace;
  readonly viewer: { readonly scopes: ReadonlySet<string> };
  /** Equal for viewers who would get equal answers alone. */
  readonly viewerScope: string;
  /** Cancelled when the client has gone before its answer. */
  readonly clientGone: Cancellation;
}

export interface FastPathOptions<Context extends FastContext, Cost> {
  readonly audience: string;
  /** The operations of the supergraph that is in use at this moment. */
  readonly operations: () => Operations<CompiledOperation<Context>, Cost>;
  readonly fetch: SubgraphFetch<Context>;
  /** Whole queries that are under way, each executed once for all who ask the same at the same moment. */
  readonly executions: InFlight<Executed<Context>>;
  /** For its logger and cache, which plugins are given. */
  readonly server: ApolloServer<Context>;
  /** Of the server: their hooks run here too. */
  readonly plugins: Plugins<Context>;
  readonly formatError: (error: GraphQLFormattedError) => GraphQLFormattedError;
  /** Only requests of one group are answered together. */
  readonly sharingGroup?: (context: Context) => Promise<string>;
  /** Tells a request what was executed for it, or for another one that it was answered together with. */
  readonly onExecuted?: (executed: Executed<Context>, context: Context) => void;
}

/** A response, ready to be sent. */
export interface FastResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | Buffer;
}

/**
 * Answers a valid operation without the server, which has nothing to add to it but the hooks of its plugins.
 *
 * Undefined, with nothing done, for an operation that is not valid or whose variables do not fit: the server tells of
 * that. Never rejects for what a plugin or a service does.
 */
export type FastPath<Context> = (asked: PlainRequest, context: Context) => Promise<FastResponse | undefined>;

/** Makes the fast path of one audience, around the plugins of its server. */
export function createFastPath<Context extends FastContext, Cost>(
  options: FastPathOptions<Context, Cost>,
): FastPath<Context> {
  const { audience, server, plugins, formatError, onExecuted } = options;
  const execute = executing(options);

  return async (asked, context) => {
    const { source, operationName } = asked;
    const { scopes } = context.viewer;
    const { prepared } = options
      .operations()
      .prepare({ source, operationName, audience, scopes, trace: context.trace });
    if (prepared === undefined) return undefined;
    const { operation, schema } = prepared;
    if (operation.operation === OperationTypeNode.MUTATION && !asked.mayWrite) return undefined;
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], asked.variables);
    if (coerced === undefined) return undefined;

    const run = await PluginRun.start(server, plugins, asked, context, schema);
    try {
      await run.resolved(prepared);
      const given = await run.responseOfPlugin();
      if (given !== undefined) return await answerOf(run, given);
      await run.executionStarts();
      const executed = await execute(prepared, asked.variables, coerced, context).catch(
        async (fault: Error) => {
          await run.executionEnds(fault);
          throw fault;
        },
      );
      onExecuted?.(executed, context);
      if (executed.errors.length > 0) await run.encountered(executed.errors);
      await run.executionEnds();
      return await answer(run, executed, plugins, formatError);
    } catch (thrown) {
      const error = errorOf(thrown, context);
      await run.encountered([error]);
      const response = await answerOf(run, { errors: [formatError(error.toJSON())] });
      return withHead(response, error.extensions['http']);
    }
  };
}

async function answer<Context extends FastContext>(
  run: PluginRun<Context>,
  executed: Executed<Context>,
  plugins: Plugins<Context>,
  formatError: (error: GraphQLFormattedError) => GraphQLFormattedError,
): Promise<FastResponse> {
  const errors = executed.errors.map((error) => formatError(error.toJSON()));
  const told: PluginResult = errors.length > 0 ? { errors } : {};
  if (plugins.changing.length > 0) {
    return await answerOf(run, { ...told, data: executed.ownData() });
  }
  const result = new Observed(told, executed);
  return responseOf(await run.sends(result), executed.bodyWith(result));
}

/** The response for a result that plugins may change. */
async function answerOf<Context extends FastContext>(
  run: PluginRun<Context>,
  result: PluginResult,
): Promise<FastResponse> {
  await run.changes(result);
  return responseOf(await run.sends(result), JSON.stringify(inOrder(result)));
}

/** A result whose data are read from their text when somebody looks at them. */
class Observed implements PluginResult {
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;

  constructor(
    { errors }: PluginResult,
    private readonly executed: { readonly data: unknown },
  ) {
    if (errors !== undefined) this.errors = errors;
  }

  get data(): unknown {
    return this.executed.data;
  }
}

function inOrder({ errors, data, extensions }: PluginResult): PluginResult {
  return { ...(errors && { errors }), data, ...(extensions && { extensions }) };
}

function responseOf({ status, headers }: PluginHead, body: string | Buffer): FastResponse {
  return { status: status ?? 200, headers, body };
}

function errorOf(thrown: unknown, { clientGone }: FastContext): GraphQLError {
  if (clientGone.aborted) return gatewayError('BAD_REQUEST', 'The client has gone.');
  if (thrown instanceof GraphQLError) return thrown;
  return new GraphQLError('The request failed', {
    originalError: thrown instanceof Error ? thrown : new Error(String(thrown)),
  });
}

/** What an error says of the HTTP response, as the server reads it; 500 when it says nothing. */
function withHead(response: FastResponse, head: unknown): FastResponse {
  const { status = 500, headers = new Map() } = (head ?? {}) as Partial<PluginHead>;
  return { ...response, status, headers: new Map([...response.headers, ...headers]) };
}

const whenGone = () => new Cancelled('abandoned');

/** Executes operations: queries that are equal, for the same viewer and at the same moment, once. */
function executing<Context extends FastContext, Cost>(options: FastPathOptions<Context, Cost>) {
  const { fetch, executions, sharingGroup = async () => '' } = options;
  const numbers = new WeakMap<object, number>();
  let last = 0;
  /** A number for each prepared operation, whose text may be long. */
  const numberOf = (prepared: object): number => {
    const known = numbers.get(prepared) ?? (last += 1);
    numbers.set(prepared, known);
    return known;
  };

  return async (
    prepared: PreparedOperation<CompiledOperation<Context>, Cost>,
    given: Readonly<Record<string, unknown>>,
    variables: Readonly<Record<string, unknown>>,
    context: Context,
  ): Promise<Executed<Context>> => {
    const { compiled, operation } = prepared;
    if (operation.operation === OperationTypeNode.MUTATION) {
      return new Executed(
        await compiled.execute({ variables, context, fetch, trace: context.trace }),
        context,
      );
    }
    const group = await sharingGroup(context);
    const { audience } = options;
    const key = `${audience} ${numberOf(prepared)} ${group}\n${JSON.stringify(given)}\n${context.viewerScope}`;
    const run = async (signal: Cancellation) => {
      const shared = { ...context, clientGone: signal };
      const { trace } = context;
      return new Executed(
        await compiled.execute({ variables, context: shared, fetch, signal, trace }),
        context,
      );
    };
    return executions.join(key, context.clientGone, run, whenGone);
  };
}
