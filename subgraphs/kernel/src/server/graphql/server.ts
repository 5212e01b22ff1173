import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { Viewer } from '../../domain/viewer.js';
import type { Logger } from '../logger.js';
import { type Page, registerPages } from '../pages.js';
import { inRequestScope } from '../request-scope.js';
import { notesWhatIsAsked, observeRequest } from '../telemetry/observe-request.js';
import type { ServiceTelemetry } from '../telemetry/start-telemetry.js';
import { type Freshness, RequestFreshness } from '../freshness.js';
import { createErrorFormatter, unauthenticated } from './errors.js';
import { freshnessOfRequest, freshnessPlugin } from './freshness-plugin.js';
import { registerHttpErrors } from './http-errors.js';
import { queriesMayBeGivenUp, watchRequest } from './giving-up.js';
import { scalarResolvers } from './scalars.js';
import { loadTypeDefs } from './sdl.js';
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
    requestId: string,
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
  const apollo = new ApolloServer<Context>({
    schema: buildSubgraphSchema([
      {
        typeDefs: loadTypeDefs(options.service),
        resolvers: { ...scalarResolvers, ...options.resolvers } as never,
      },
    ]),
    includeStacktraceInErrorResponses: false,
    formatError: createErrorFormatter(options.logger),
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      // It looks at every field; how long an answer holds is `freshnessPlugin`'s to say.
      ApolloServerPluginCacheControlDisabled(),
      fastifyApolloDrainPlugin(app),
      freshnessPlugin(),
      queriesMayBeGivenUp,
      notesWhatIsAsked,
    ],
    stopOnTerminationSignals: false,
    logger: options.logger,
  });
  await apollo.start();

  const readViewer = createViewerReader(options.jwks);
  app.addHook('onRequest', (request, reply, done) => {
    if (isProbe(request)) return done();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' ? given : randomUUID();
    const { trace, record } = observeRequest(request, reply, options.telemetry);
    const cancellation = watchRequest(request, reply, options.logger, trace.traceId);
    inRequestScope({ requestId, trace, record, cancellation }, done);
  });
  registerHttpErrors(app, options.logger);
  await app.register(fastifyApollo(apollo), {
    context: async (request) => {
      const viewer = readViewer(request.headers.authorization);
      if (!viewer) throw unauthenticated();
      const requestId = request.headers['x-request-id'];
      const receivedAt = await options.now();
      const freshness = new RequestFreshness(receivedAt, options.nextGrant());
      const id = typeof requestId === 'string' ? requestId : randomUUID();
      const context = options.createContext(viewer, id, receivedAt, freshness);
      return { ...context, [freshnessOfRequest]: freshness };
    },
  });
  registerProbes(app, options);
  registerPages(app, options.pages);
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, close: () => app.close() };
}

function isProbe({ url }: FastifyRequest): boolean {
  return url.startsWith('/health/');
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
