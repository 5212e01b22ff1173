import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Audience } from '@fulfillment/schema/audience';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.js';
import { gatewayError } from '../errors.js';
import type { Authenticate, Identity } from '../identity/authenticate.js';
import type { CheckLimits } from '../protection/limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity;
  }
}

export interface GraphqlRouteOptions {
  readonly servers: Readonly<Record<Audience, ApolloServer<GatewayContext>>>;
  readonly authenticate: Authenticate;
  readonly checkLimits: CheckLimits;
}

/**
 * `/graphql`: the token comes first (nothing of the body is read without one), then the size of the query, then the
 * server of the token's audience. GET serves queries alone.
 */
export function registerGraphql(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { servers, authenticate, checkLimits } = options;
  const handlerOf = (audience: Audience) => fastifyApolloHandler(servers[audience], { context: contextOf });
  const handlers = {
    product: handlerOf('product'),
    internal: handlerOf('internal'),
    partner: handlerOf('partner'),
  } satisfies Record<Audience, unknown>;

  app.decorateRequest('identity');
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: async (request) => {
      assertHost(request);
      request.identity = await authenticate(request.headers.authorization);
      request.record.audience = request.identity.viewer.audience;
    },
    preHandler: async (request) => {
      const query = queryOf(request);
      if (query !== undefined) checkLimits(query);
    },
    handler: async (request, reply) => handlers[request.identity.viewer.audience].call(app, request, reply),
  });
}

/** The server's integration makes a URL of the host that the request names. */
function assertHost({ hostname }: FastifyRequest): void {
  if (!URL.canParse(`http://${hostname}/`))
    throw gatewayError('BAD_REQUEST', 'The host header names no host.');
}

async function contextOf(request: FastifyRequest): Promise<GatewayContext> {
  const { identity, id, clientGone, record } = request;
  return { ...identity, requestId: id, clientGone, record };
}

/** The text of the query, where a request of the right form has it; the server tells of any other form. */
function queryOf(request: FastifyRequest): string | undefined {
  const source: unknown = request.method === 'GET' ? request.query : request.body;
  if (typeof source !== 'object' || source === null || !('query' in source)) return undefined;
  return typeof source.query === 'string' ? source.query : undefined;
}
