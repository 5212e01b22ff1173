import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CacheUse } from '../cache/cache-use.js';
import type { GatewayContext } from '../context.js';
import { cacheViewerOf } from '../identity/cache-viewer.js';
import type { Params } from '../protection/asked-operation.js';
import { statusFor } from '../protection/media-type.js';

/** Answers a GraphQL request with a server. `params`: what the request asks, of a POST anything that is JSON. */
export async function answerWith(
  server: ApolloServer<GatewayContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  params: unknown,
): Promise<FastifyReply> {
  const isGet = request.method === 'GET';
  const { status, headers, body } = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers: headersOf(request),
      search: isGet ? `?${searchOf(params as Params)}` : '',
      body: isGet ? undefined : params,
    },
    context: async () => contextOf(request),
  });
  for (const [name, value] of headers) void reply.header(name, value);
  if (body.kind === 'complete') {
    const codes = [...request.record.codes];
    return reply.code(statusFor(request.headers.accept, status ?? 200, codes)).send(body.string);
  }
  throw new Error('An answer came in parts, and no operation can ask for that.');
}

/** What a request carries through the gateway. */
export function contextOf({ identity, id, trace, clientGone, record }: FastifyRequest): GatewayContext {
  const { viewer, viewerToken, viewerScope } = identity;
  return {
    viewer,
    viewerToken,
    viewerScope,
    requestId: id,
    trace,
    clientGone,
    record,
    cacheViewer: cacheViewerOf(viewer),
    cacheUse: new CacheUse(),
  };
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** A parameter that was given several times stays so: the server tells of it. */
function searchOf(params: Params): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.toString();
}
