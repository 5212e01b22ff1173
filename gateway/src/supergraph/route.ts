import type { ApolloServer } from '@apollo/server';
import type { Audience } from '@fulfillment/schema/audience';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.js';
import { gatewayError } from '../errors.js';
import type { Authenticate, Identity } from '../identity/authenticate.js';
import { askedOperation, withText, type Params } from '../protection/asked-operation.js';
import { compression } from '../protection/compression.js';
import { assertPreflighted } from '../protection/csrf.js';
import type { Screen } from '../protection/screening.js';
import { answerWith } from './apollo-handler.js';

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity;
  }
}

export interface GraphqlRouteOptions {
  readonly servers: Readonly<Record<Audience, ApolloServer<GatewayContext>>>;
  readonly authenticate: Authenticate;
  readonly screen: Screen;
}

/**
 * `/graphql`: the token comes first (nothing of the body is read without one), then which operation it is and whether
 * the client may send it, then the server of the token's audience. GET serves queries alone.
 */
export function registerGraphql(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { servers, authenticate, screen } = options;

  app.decorateRequest('identity');
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    compress: compression,
    onRequest: async (request) => {
      assertHost(request);
      request.identity = await authenticate(request.headers.authorization);
      request.record.audience = request.identity.viewer.audience;
      assertPreflighted(request.method, request.headers);
    },
    handler: async (request, reply) => {
      const { audience, subject } = request.identity.viewer;
      const sent: unknown = request.method === 'GET' ? request.query : request.body;
      if (Array.isArray(sent)) throw batch();
      const params = isParams(sent) ? screened(sent, screen, { audience, client: subject }) : sent;
      return answerWith(servers[audience], request, reply, params);
    },
  });
}

function screened(params: Params, screen: Screen, asker: Parameters<Screen>[1]): Params {
  const text = screen(askedOperation(params), asker);
  return text === undefined ? params : withText(params, text);
}

/** A request for no host is refused, as HTTP has it. */
function assertHost({ hostname }: FastifyRequest): void {
  if (!URL.canParse(`http://${hostname}/`))
    throw gatewayError('BAD_REQUEST', 'The host header names no host.');
}

function isParams(value: unknown): value is Params {
  return typeof value === 'object' && value !== null;
}

function batch() {
  return gatewayError(
    'BAD_REQUEST',
    'Send one operation in a request: batches are not taken. Requests may follow each other on one connection.',
  );
}
