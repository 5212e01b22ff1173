import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import { isSpan, type Trace, type Tracing } from '@fulfillment/telemetry/tracing';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { Cancellation } from '../in-flight/cancellation.js';
import type { GatewayMetrics } from './metrics.js';
import { newRequestRecord, outcomeOf, type Outcome, type RequestRecord } from './request-record.js';
import { requestIdHeader, requestIdOf } from './request-id.js';
import { withTraceIds } from '@fulfillment/telemetry/traced-errors';

declare module 'fastify' {
  interface FastifyRequest {
    record: RequestRecord;
    trace: Trace;
    /** Cancelled when the client has gone before its answer. */
    clientGone: Cancellation;
  }
}

/** The option of the HTTP server that gives each request its id. */
export function generateRequestId(request: { readonly headers: FastifyRequest['headers'] }): string {
  return requestIdOf(request.headers[requestIdHeader]);
}

/** Where what happens to requests is told. */
export interface RequestTelemetry {
  readonly logger: Logger;
  /** For the line of each request. */
  readonly lines: Logger;
  readonly tracing: Tracing;
  readonly metrics: GatewayMetrics;
}

/**
 * Gives a request its trace and its record. When it ends, however it ends, a GraphQL request is one line in the log; other
 * requests are logged at the level `debug`. The request id is in every response.
 */
export function beginRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { lines, tracing, metrics }: RequestTelemetry,
): void {
  const startedAt = performance.now();
  const clientGone = new Cancellation();
  request.record = newRequestRecord();
  request.trace = tracing.begin('request', 'server', parseTraceParent(request.headers['traceparent']));
  request.clientGone = clientGone;
  void reply.header(requestIdHeader, request.id);
  reply.raw.once('close', () => {
    const aborted = !reply.raw.writableFinished;
    if (aborted) clientGone.cancel('abandoned');
    const durationMs = performance.now() - startedAt;
    const outcome = outcomeOf(request.record, reply.statusCode, aborted);
    const line = requestLine(request, reply, durationMs, outcome);
    endTrace(request, outcome);
    if (isGraphql(request)) {
      metrics.requestEnded(request.record, outcome, durationMs / 1000);
      lines.info(line, 'request');
    } else lines.debug({ ...line, url: request.routeOptions.url }, 'request');
  });
}

/** Observes every request that has a readable address, and puts the trace id into the errors of its answer. */
export function registerRequestLog(app: FastifyInstance, telemetry: RequestTelemetry): void {
  app.decorateRequest('record');
  app.decorateRequest('trace');
  app.decorateRequest('clientGone');

  app.addHook('onRequest', (request, reply, done) => {
    beginRequest(request, reply, telemetry);
    done();
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    // What the server answered has its codes noted and its errors traced (`recordingPlugin`).
    const answered = request.record.codes.size > 0;
    const errors = answered || typeof payload !== 'string' ? undefined : errorsOf(payload);
    if (errors === undefined) return done(null, payload);
    if (isGraphql(request)) noteCodes(request.record, errors);
    const traced = JSON.stringify({ errors: withTraceIds(errors, request.trace.traceId) });
    void reply.header('content-length', Buffer.byteLength(traced));
    done(null, traced);
  });
}

function requestLine(request: FastifyRequest, reply: FastifyReply, durationMs: number, outcome: Outcome) {
  const { record } = request;
  return {
    event: 'request',
    requestId: request.id,
    traceId: request.trace.traceId,
    audience: record.audience,
    operationName: record.operationName,
    operationType: record.operationType,
    cost: record.cost,
    durationMs: Math.round(durationMs * 10) / 10,
    status: reply.statusCode,
    outcome,
    codes: [...record.codes],
  };
}

function endTrace({ trace, record, routeOptions }: FastifyRequest, outcome: Outcome): void {
  if (!isSpan(trace)) return;
  trace.note({
    'http.route': routeOptions.url ?? 'none',
    'graphql.operation.name': record.operationName ?? 'none',
    'graphql.operation.type': record.operationType ?? 'none',
    'fulfillment.audience': record.audience ?? 'none',
  });
  trace.end(outcome === 'failed' ? [...record.codes].join(', ') : undefined);
}

function isGraphql(request: FastifyRequest): boolean {
  return request.routeOptions.url === '/graphql';
}

/** The errors of a response that holds nothing else; undefined for any other. */
function errorsOf(payload: string): readonly GraphQLFormattedError[] | undefined {
  if (!payload.startsWith('{"errors":')) return undefined;
  const { errors, ...more } = JSON.parse(payload) as { errors: readonly GraphQLFormattedError[] };
  return Object.keys(more).length === 0 ? errors : undefined;
}

/** A request that is refused before GraphQL looks at it leaves its codes in the response alone. */
function noteCodes({ codes }: RequestRecord, errors: readonly GraphQLFormattedError[]): void {
  for (const { extensions } of errors) codes.add(String(extensions?.['code']));
}
