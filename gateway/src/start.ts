import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ApolloServerPlugin } from '@apollo/server';
import { AUDIENCES } from '@fulfillment/schema/audience';
import Fastify, { type FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import type { GatewayContext } from './context.js';
import type { GatewayEnvironment } from './environment.js';
import { explorerPlugin } from './explorer/plugin.js';
import { createAuthenticator, type Authenticate } from './identity/authenticate.js';
import { createKeySource } from './identity/key-source.js';
import { createTokenVerifier } from './identity/verify.js';
import { createViewerTokenMint } from './identity/viewer-token.js';
import { answeringClientErrors, headerLimitBytes } from './protection/client-errors.js';
import { registerCompression } from './protection/compression.js';
import { registerCors } from './protection/cors.js';
import { answerError, bodyLimitBytes, registerHttpErrors } from './protection/http-errors.js';
import { registerJsonBody } from './protection/json-body.js';
import { admissionRules } from './protection/overload/admission-limit.js';
import { createShedding, reportingShed, type Shedding } from './protection/overload/shedding.js';
import { registerRefusals } from './protection/safelist/refusals-route.js';
import { batching } from './subgraph-client/batching.js';
import { connectService, type Service } from './subgraph-client/service.js';
import { startEndpoints } from './start-endpoints.js';
import { startSupergraph } from './start-supergraph.js';
import { levelOf, startTelemetry, type Telemetry } from './start-telemetry.js';
import { createSubgraphClient } from './subgraph-client/subgraph-client.js';
import type { Endpoints } from './supergraph/endpoint.js';
import { registerGraphql } from './supergraph/route.js';
import { registerHealth } from './telemetry/health.js';
import { createLineLogger, createLogger } from './telemetry/logger.js';
import { connectRedis } from './redis.js';
import type { CacheCounters } from './cache/counters.js';
import { startCaching } from './start-caching.js';
import { maySeeOperations, startProtection } from './start-protection.js';
import {
  beginRequest,
  generateRequestId,
  registerRequestLog,
  type RequestTelemetry,
} from './telemetry/request-log.js';

export interface GatewayOptions {
  /** Another supergraph than the committed one. */
  readonly supergraphSdl?: string;
  /** Where log lines go; standard output when left out. */
  readonly logTo?: DestinationStream;
  /** What tells how old kept answers are, in milliseconds since 1970; the machine's clock when left out. */
  readonly now?: () => number;
  /** Plugins of @apollo/server besides the gateway's own. Their hooks run for every request. */
  readonly plugins?: readonly ApolloServerPlugin<GatewayContext>[];
}

export interface RunningGateway {
  /** For example http://127.0.0.1:4000 */
  readonly url: string;
  /** Looks for a new supergraph now. Resolves when it is in use or refused. */
  reloadSupergraph(): Promise<void>;
  /** Answers what is on its way, takes nothing new, finishes what is under way within 10 s, then closes all connections. */
  close(): Promise<void>;
}

const graceMs = 10_000;
/** So long requests that are already on their way are still taken; each answer says that its connection ends. */
const lastRequestsMs = 200;

/**
 * Starts the gateway: one address, one schema for each audience. Services may be down at the start.
 *
 * Throws an error with a message for people when the port is taken or the supergraph cannot be used.
 */
export async function startGateway(
  environment: GatewayEnvironment,
  options: GatewayOptions = {},
): Promise<RunningGateway> {
  const logger = createLogger(environment.LOG_LEVEL, options.logTo);
  const services = Object.entries(environment.SERVICES).map(([name, url]) => connectService(name, url));
  const redis = environment.REDIS_URL === undefined ? undefined : connectRedis(environment.REDIS_URL, logger);
  const protection = await startProtection(environment, redis, logger);
  const telemetry = await startTelemetry(environment, protection.safelist);
  const { metrics } = telemetry;
  const counters: CacheCounters = {
    entities: (_service, outcome, count) => metrics.cacheRead('entity', outcome, count),
    responses: (outcome) => metrics.cacheRead('response', outcome),
  };
  const caching = await startCaching(environment, { redis, logger, counters, now: options.now });
  const client = createSubgraphClient(services, {
    timeoutMs: environment.SUBGRAPH_TIMEOUT_MS,
    logger,
    onAnswered: (...answered) => metrics.subgraphAnswered(...answered),
  });
  const supergraph = await startSupergraph(environment, protection.safelist, logger, options.supergraphSdl);
  const endpoints = await startEndpoints({
    supergraph,
    fetch: batching(client.fetch),
    caching,
    protection,
    logger,
    plugins: options.plugins ?? [],
  });
  const authenticate = createAuthentication(environment);
  let stopping = false;

  const report = reportingShed(logger);
  const onShed = () => {
    metrics.shed();
    report();
  };
  const shedding = createShedding(onShed, admissionRules(environment.ADMIT_AT_LEAST));
  metrics.watch({ admission: shedding.level, services: () => client.chains.map(levelOf) });
  const app = createApp(environment, { ...telemetry, logger, lines: createLineLogger(logger) }, shedding);
  registerHealth(app, services, supergraph.generations.state, () => stopping);
  await registerCors(app, environment.CORS_ORIGINS);
  await registerCompression(app);
  registerGraphql(app, { endpoints, authenticate, screen: protection.screen });
  registerRefusals(app, protection.refusals, maySeeOperations(authenticate));
  app.addHook('onSend', (_request, reply, payload, done) => {
    shedding.answered(reply.raw);
    reply.raw.setTimeout(environment.ANSWER_TIMEOUT_MS);
    if (stopping) void reply.header('connection', 'close');
    done(null, payload);
  });
  // Loaded while the app gets ready to listen: a failure is one of the start.
  void app.register(explorerPlugin, { authenticate, tokensFile: environment.EXPLORER_TOKENS_FILE });

  let closing: Promise<void> | undefined;
  const close = () => {
    stopping = true;
    supergraph.stop();
    shedding.stop();
    closing ??= stop(app, endpoints, services, telemetry)
      .then(() => caching.close())
      .finally(() => redis?.disconnect());
    return closing;
  };
  const url = await listen(app, environment).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  logger.info({ event: 'ready', url }, 'The gateway is ready');
  return { url, reloadSupergraph: supergraph.reload, close };
}

function createAuthentication(environment: GatewayEnvironment): Authenticate {
  const verify = createTokenVerifier({
    keys: createKeySource(new URL(environment.IDENTITY_JWKS_URL)),
    issuer: environment.IDENTITY_ISSUER,
    now: Date.now,
  });
  return createAuthenticator(verify, createViewerTokenMint(environment.VIEWER_SIGNING_KEY, Date.now));
}

function createApp(
  { REQUEST_TIMEOUT_MS }: GatewayEnvironment,
  telemetry: RequestTelemetry,
  { serverFactory }: Shedding,
): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    genReqId: generateRequestId,
    serverFactory,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      maxHeaderSize: headerLimitBytes,
      headersTimeout: REQUEST_TIMEOUT_MS, // a longer one would stand in for requestTimeout too
      connectionsCheckingInterval: Math.min(5_000, REQUEST_TIMEOUT_MS),
    },
    clientErrorHandler: answeringClientErrors(telemetry),
    // No hook runs for an address that cannot be read.
    frameworkErrors: (error, request, reply) => {
      beginRequest(request, reply, telemetry);
      void answerError(error, request, reply, telemetry.logger);
    },
  });
  registerRequestLog(app, telemetry);
  registerHttpErrors(app, telemetry.logger);
  app.removeContentTypeParser(['text/plain', 'application/json']);
  registerJsonBody(app);
  return app;
}

async function listen(app: FastifyInstance, { HOST, PORT }: GatewayEnvironment): Promise<string> {
  try {
    return await app.listen({ host: HOST, port: PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${PORT} is taken: set PORT to a free one or stop what listens there.`, {
      cause: error,
    });
  }
}

async function stop(
  app: FastifyInstance,
  endpoints: Endpoints,
  services: readonly Service[],
  telemetry: Telemetry,
): Promise<void> {
  const force = setTimeout(() => {
    app.server.closeAllConnections();
    for (const { connections } of services) connections.destroy();
  }, graceMs);
  try {
    if (await hasConnections(app)) await sleep(lastRequestsMs);
    await app.close();
    await Promise.all(AUDIENCES.map((audience) => endpoints[audience].server.stop()));
    await Promise.all(services.map(({ connections }) => connections.close()));
    await telemetry.stop();
  } finally {
    clearTimeout(force);
  }
}

/** A client that keeps its connection may be sending on it while it is closed: it would not know what came of that. */
async function hasConnections({ server }: FastifyInstance): Promise<boolean> {
  if (!server.listening) return false;
  return (await promisify(server.getConnections.bind(server))()) > 0;
}
