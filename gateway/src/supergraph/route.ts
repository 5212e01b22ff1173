import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { gatewayError } from '../errors.js';
import type { FastResponse } from '../fast-path/fast-path.js';
import { plainRequest } from '../fast-path/plain-request.js';
import type { Authenticate, Identity } from '../identity/authenticate.js';
import { askedOperation, withText, type Params } from '../protection/asked-operation.js';
import { compression } from '../protection/compression.js';
import { assertPreflighted } from '../protection/csrf.js';
import { assertShallow } from '../protection/nesting.js';
import type { Screen } from '../protection/screening.js';
import { statusFor } from '../protection/media-type.js';
import { answerWith, contextOf } from './apollo-handler.js';
import type { Endpoints } from './endpoint.js';

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity;
  }
}

export interface GraphqlRouteOptions {
  readonly endpoints: Endpoints;
  readonly authenticate: Authenticate;
  readonly screen: Screen;
}

const jsonContentType = 'application/json; charset=utf-8';

/**
 * `/graphql`: the token comes first (nothing of the body is read without one), then which operation it is and whether
 * the client may send it, then the fast path of the token's audience, or its server for what the fast path leaves to it. GET serves
 * queries alone.
 */
export function registerGraphql(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { endpoints, authenticate, screen } = options;

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
      const { server, fast } = endpoints[audience];
      const plain = plainRequest(request.method, request.headers, params);
      const response = plain && (await fast(plain, contextOf(request)));
      return response === undefined
        ? answerWith(server, request, reply, params)
        : send(request, reply, response);
    },
  });
}

function screened(params: Params, screen: Screen, asker: Parameters<Screen>[1]): Params {
  assertShallow(params);
  const text = screen(askedOperation(params), asker);
  return text === undefined ? params : withText(params, text);
}

/** The last name that was found to be one: clients mostly use the same. */
let knownHost: string | undefined;

/** A request for no host is refused, as HTTP has it. */
function assertHost({ hostname }: FastifyRequest): void {
  if (hostname === knownHost) return;
  if (!URL.canParse(`http://${hostname}/`))
    throw gatewayError('BAD_REQUEST', 'The host header names no host.');
  knownHost = hostname;
}

function send(
  { headers: { accept }, record }: FastifyRequest,
  reply: FastifyReply,
  { status, headers, body }: FastResponse,
): FastifyReply {
  void reply
    .code(statusFor(accept, status, [...record.codes]))
    .header('content-type', jsonContentType)
    .header('cache-control', 'no-store');
  for (const [name, value] of headers) void reply.header(name, value);
  return reply.send(body);
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
