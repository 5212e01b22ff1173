import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { Viewer } from '../../domain/viewer.js';
import type { Logger } from '../logger.js';
import { type Page, registerPages } from '../pages.js';
import { inRequestScope, type RequestScope } from '../request-scope.js';
import { notesWhatIsAsked } from '../telemetry/observe-request.js';
import type { ServiceTelemetry } from '../telemetry/start-telemetry.js';
import { type Freshness, RequestFreshness } from '../freshness.js';
import { createErrorFormatter, unauthenticated } from './errors.js';
import { freshnessOfRequest, freshnessPlugin } from './freshness-plugin.js';
import { registerHttpErrors } from './http-errors.js';
import { queriesMayBeGivenUp } from './giving-up.js';
import { KnownOperations } from './known-operations.js';
import { registerScopes } from './request-scopes.js';
import { scalarResolvers } from './scalars.js';
import { loadTypeDefs } from './sdl.js';
import { createStraightAnswers, type PreparedContext } from './straight.js';
import { createViewerReader } from './viewer-token.js';

/** Resolvers by type and field; each service's generated types check them where they are written. */
export type GraphqlResolvers = object;

export interface GraphqlServerOptions<Context extends object> {
  readonly service: ServiceName;
  readonly host: string;
  readonly port: number;
  readonly jwks: JSONWebKeySet;
  readonly resolvers: GraphqlResolvers;
  readonly pages: readonly Page[];
  readonly logger: Logger;
  readonly telemetry: ServiceTelemetry;
  /** The present instant of the system. */
  readonly now: () => Promise<Date>;
  /** When the next grant of anybody begins or ends. */
  readonly nextGrant: () => Date | null;
  readonly createContext: (
    viewer: Viewer,
    scope: RequestScope & { readonly requestId: string },
    receivedAt: Date,
    freshness: Freshness,
  ) => Context;
  /** Rejects while the service cannot answer. */
  readonly isReady: () => Promise<void>;
}

const bodyLimitBytes = 4 * 1024 * 1024;

/**
 * Serves a subgraph at `/graphql` to the gateway alone (a viewer token is required), and its probes at `/health/live`
 * and `/health/ready` to anybody, and so the service's pages for browsers, if it has any.
 */
export async function startGraphqlServer<Context extends object>(
  options: GraphqlServerOptions<Context>,
): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify({ bodyLimit: bodyLimitBytes, logger: false, forceCloseConnections: 'idle' });
  const known = new KnownOperations();
  const schema = buildSubgraphSchema([
    {
      typeDefs: loadTypeDefs(options.service),
      resolvers: { ...scalarResolvers, ...options.resolvers } as never,
    },
  ]);
  const formatError = createErrorFormatter(options.logger);
  const apollo = new ApolloServer<Context>({
    schema,
    includeStacktraceInErrorResponses: false,
    formatError,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      // It looks at every field; how long an answer holds is `freshnessPlugin`'s to say.
      ApolloServerPluginCacheControlDisabled(),
      fastifyApolloDrainPlugin(app),
      freshnessPlugin(),
      queriesMayBeGivenUp,
      notesWhatIsAsked,
      known.plugin,
    ],
    stopOnTerminationSignals: false,
    logger: options.logger,
  });
  await apollo.start();

  registerScopes(app, options);
  registerHttpErrors(app, options.logger);
  const prepare = preparing(options);
  const straight = createStraightAnswers({ known, prepare, formatError });
  const byServer = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const prepared = await prepare(request);
      if (prepared === undefined) throw unauthenticated();
      return { ...prepared.context, [freshnessOfRequest]: prepared.freshness };
    },
  });
  const answerByServer = (request: FastifyRequest, reply: FastifyReply) =>
    inRequestScope(request.scope, async () => byServer.call(app, request, reply));
  app.route({ method: ['GET', 'OPTIONS'], url: '/graphql', handler: answerByServer });
  app.post('/graphql', async (request, reply) => {
    const text = await straight(request);
    if (text === undefined) return answerByServer(request, reply);
    void reply.header('content-type', 'application/json; charset=utf-8');
    return text;
  });
  registerProbes(app, options);
  registerPages(app, options.pages);
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, close: () => app.close() };
}

/** Who asks, and what the resolvers of the request are given; undefined without a valid viewer token. */
function preparing<Context extends object>(options: GraphqlServerOptions<Context>) {
  const readViewer = createViewerReader(options.jwks);
  return async ({ headers, scope }: FastifyRequest): Promise<PreparedContext<Context> | undefined> => {
    const viewer = readViewer(headers.authorization);
    if (viewer === null) return undefined;
    const receivedAt = await options.now();
    const freshness = new RequestFreshness(receivedAt, options.nextGrant());
    return { context: options.createContext(viewer, scope, receivedAt, freshness), freshness };
  };
}

function registerProbes(
  app: FastifyInstance,
  options: Pick<GraphqlServerOptions<object>, 'service' | 'isReady' | 'logger'>,
) {
  app.get('/health/live', async () => ({ service: options.service, status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    try {
      await options.isReady();
      return { service: options.service, status: 'ready' };
    } catch (error) {
      options.logger.warn({ err: error }, 'Not ready');
      return reply.code(503).send({ service: options.service, status: 'not ready' });
    }
  });
}
