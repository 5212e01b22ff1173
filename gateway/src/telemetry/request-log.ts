import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { newRequestRecord, outcomeOf, type RequestRecord } from './request-record.js';
import { requestIdHeader, requestIdOf } from './request-id.js';

declare module 'fastify' {
  interface FastifyRequest {
    record: RequestRecord;
    /** Aborts when the client has gone before its answer. */
    clientGone: AbortSignal;
  }
}

/** The option of the HTTP server that gives each request its id. */
export function generateRequestId(request: { readonly headers: FastifyRequest['headers'] }): string {
  return requestIdOf(request.headers[requestIdHeader]);
}

/**
 * One line in the log for each GraphQL request when it ends, however it ends, and the request id in every response.
 * Other requests are logged at the level `debug`.
 */
export function registerRequestLog(app: FastifyInstance, logger: Logger): void {
  app.decorateRequest('record');
  app.decorateRequest('clientGone');

  app.addHook('onRequest', async (request, reply) => {
    const startedAt = performance.now();
    const clientGone = new AbortController();
    request.record = newRequestRecord();
    request.clientGone = clientGone.signal;
    void reply.header(requestIdHeader, request.id);
    reply.raw.once('close', () => {
      const aborted = !reply.raw.writableFinished;
      if (aborted) clientGone.abort();
      const line = requestLine(request, reply, performance.now() - startedAt, aborted);
      if (isGraphql(request)) logger.info(line, 'request');
      else logger.debug({ ...line, url: request.routeOptions.url }, 'request');
    });
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (isGraphql(request)) noteCodes(request.record, reply.statusCode, payload);
    return payload;
  });
}

function requestLine(request: FastifyRequest, reply: FastifyReply, durationMs: number, aborted: boolean) {
  const { record } = request;
  return {
    event: 'request',
    requestId: request.id,
    audience: record.audience,
    operationName: record.operationName,
    operationType: record.operationType,
    cost: record.cost,
    durationMs: Math.round(durationMs * 10) / 10,
    status: reply.statusCode,
    outcome: outcomeOf(record, reply.statusCode, aborted),
    codes: [...record.codes],
  };
}

function isGraphql(request: FastifyRequest): boolean {
  return request.routeOptions.url === '/graphql';
}

/** A request that is refused before GraphQL looks at it leaves its codes in the response alone. */
function noteCodes(record: RequestRecord, status: number, payload: unknown): void {
  if (status < 400 || record.codes.size > 0 || typeof payload !== 'string') return;
  const { errors } = JSON.parse(payload) as { errors?: { extensions?: { code?: unknown } }[] };
  for (const { extensions } of errors ?? []) record.codes.add(String(extensions?.code));
}
