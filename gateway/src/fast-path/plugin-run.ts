import {
  HeaderMap,
  type ApolloServer,
  type ApolloServerPlugin,
  type BaseContext,
  type GraphQLRequestContext,
  type GraphQLRequestListener,
} from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { ValidOperation } from '../operation/prepared-operation.js';
import { sideBySide } from '../execution/side-by-side.js';
import type { PlainRequest } from './plain-request.js';

/** The result of a request as plugins see it, and may change it. */
export interface PluginResult {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** A server's plugins. */
export interface Plugins<Context extends BaseContext> {
  /** They look at a result's data and leave them as they are. */
  readonly observing: readonly ApolloServerPlugin<Context>[];
  /** They may change whatever they are shown. */
  readonly changing: readonly ApolloServerPlugin<Context>[];
}

/** What a plugin did to the HTTP response. */
export interface PluginHead {
  readonly status: number | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

/** The hooks' argument: one object for all of them, typed by @apollo/server for each by what may be relied on then. */
interface RequestContext {
  source?: string;
  queryHash?: string;
  document?: ValidOperation['document'];
  operation?: ValidOperation['operation'];
  operationName?: string | null;
  errors?: readonly GraphQLError[];
  readonly response: {
    readonly http: { status: number | undefined; headers: HeaderMap };
    body?: { readonly kind: 'single'; readonly singleResult: PluginResult };
  };
}

interface ExecutionListener {
  executionDidEnd?(error?: Error): Promise<void>;
}

type Listener<Context extends BaseContext> = GraphQLRequestListener<Context>;

/** Hints about caching are read from nothing here, so there is nothing that would be restricted. */
const uncacheable = {
  maxAge: undefined,
  scope: undefined,
  restrict() {},
  replace() {},
  policyIfCacheable: () => null,
};

/** Runs the hooks of a server's plugins around one request, as the server itself does for an operation that it knows. */
export class PluginRun<Context extends BaseContext> {
  private changing: readonly Listener<Context>[] = [];
  private observing: readonly Listener<Context>[] = [];
  private executions: readonly ExecutionListener[] = [];

  private constructor(private readonly context: RequestContext) {}

  /** Begins a request and tells plugins its operation. Rejects when one of them refuses it, after they were all told. */
  static async start<Context extends BaseContext>(
    server: ApolloServer<Context>,
    plugins: Plugins<Context>,
    asked: PlainRequest,
    contextValue: Context,
    schema: GraphQLSchema,
  ): Promise<PluginRun<Context>> {
    const { source: query, operationName, variables, extensions } = asked;
    const run = new PluginRun<Context>({
      logger: server.logger,
      cache: server.cache,
      schema,
      contextValue,
      request: { query, operationName, variables, extensions },
      response: { http: { status: undefined, headers: new HeaderMap() } },
      metrics: { persistedQueryHit: false, persistedQueryRegister: false },
      overallCachePolicy: uncacheable,
      requestIsBatched: false,
    } as RequestContext);
    run.changing = await run.started(plugins.changing);
    run.observing = await run.started(plugins.observing);
    return run;
  }

  /** Tells plugins which operation it is. Rejects when one of them refuses it. */
  async resolved({ source, hash, document, operation }: ValidOperation): Promise<void> {
    const { context } = this;
    context.source = source;
    context.queryHash = hash;
    const sourceTold = this.each((listener) => listener.didResolveSource?.(this.told()));
    if (sourceTold !== undefined) await sourceTold;
    context.document = document;
    context.operation = operation;
    context.operationName = operation.name?.value ?? null;
    await this.each((listener) => listener.didResolveOperation?.(this.told()));
  }

  /** An answer that a plugin gives in place of execution, if one does. */
  async responseOfPlugin(): Promise<PluginResult | undefined> {
    for (const listener of this.all) {
      if (listener.responseForOperation === undefined) continue;
      const response = await listener.responseForOperation(this.told());
      if (response === null) continue;
      if (response.body.kind !== 'single')
        throw new Error('A plugin answers in parts, which nobody asked for');
      this.merge(response.http);
      return response.body.singleResult;
    }
    return undefined;
  }

  executionStarts(): Promise<unknown> | undefined {
    const executions: ExecutionListener[] = [];
    this.executions = executions;
    return sideBySide(this.all, (listener) =>
      listener
        .executionDidStart?.(this.told())
        .then((execution) => void (execution && executions.unshift(execution))),
    );
  }

  executionEnds(error?: Error): Promise<unknown> | undefined {
    return sideBySide(this.executions, (execution) => execution.executionDidEnd?.(error));
  }

  encountered(errors: readonly GraphQLError[]): Promise<unknown> | undefined {
    this.context.errors = errors;
    return this.each((listener) => listener.didEncounterErrors?.(this.told()));
  }

  /** Shows a result to the plugins that may change it; their last word. */
  async changes(singleResult: PluginResult): Promise<void> {
    this.context.response.body = { kind: 'single', singleResult };
    await this.each((listener) => listener.willSendResponse?.(this.told()), this.changing);
  }

  /** Shows a result to the plugins that look at it, and gives the head of the response. */
  async sends(singleResult: PluginResult): Promise<PluginHead> {
    this.context.response.body = { kind: 'single', singleResult };
    await this.each((listener) => listener.willSendResponse?.(this.told()), this.observing);
    return this.context.response.http;
  }

  private get all(): readonly Listener<Context>[] {
    return this.changing.length === 0 ? this.observing : [...this.changing, ...this.observing];
  }

  private async started(
    plugins: readonly ApolloServerPlugin<Context>[],
  ): Promise<readonly Listener<Context>[]> {
    const listeners: Listener<Context>[] = [];
    for (const plugin of plugins) {
      const listener = await plugin.requestDidStart?.(this.told<GraphQLRequestContext<Context>>());
      if (listener !== undefined && listener !== null) listeners.push(listener);
    }
    return listeners;
  }

  private merge({ status, headers }: { status?: number | undefined; headers: HeaderMap }): void {
    const { http } = this.context.response;
    http.status = status ?? http.status;
    for (const [name, value] of headers) http.headers.set(name, value);
  }

  /** Most plugins have none of a kind of hook: undefined when nobody has. */
  private each(
    tell: (listener: Listener<Context>) => Promise<void> | undefined,
    listeners = this.all,
  ): Promise<unknown> | undefined {
    return sideBySide(listeners, tell);
  }

  private told<Told>(): Told {
    return this.context as Told;
  }
}
