import type { ApolloServerPlugin } from '@apollo/server';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import { isSpan, type Trace } from '@fulfillment/telemetry/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentRequestRecord } from '../request-scope.js';
import { askedBy, newRequestRecord, outcomeOf, type RequestRecord } from './request-record.js';
import type { ServiceTelemetry } from './start-telemetry.js';

/**
 * Takes up the trace of a request, which the gateway began, and tells of the request when its answer was taken or its
 * connection has closed.
 */
export function observeRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { tracing, metrics }: ServiceTelemetry,
): { readonly trace: Trace; readonly record: RequestRecord } {
  const startedAt = performance.now();
  const record = newRequestRecord();
  const trace = tracing.begin('request', 'server', parseTraceParent(request.headers['traceparent']));
  const route = request.routeOptions.url;
  if (route !== undefined && route !== '/graphql') record.asked = { kind: 'page', field: route };
  reply.raw.once('close', () => {
    const outcome = outcomeOf(record, reply.statusCode, reply.raw.writableFinished);
    metrics?.requestEnded(record.asked, outcome, (performance.now() - startedAt) / 1000);
    if (!isSpan(trace)) return;
    trace.note({
      'http.route': route ?? 'none',
      'http.response.status_code': reply.statusCode,
      'fulfillment.asked.kind': record.asked.kind,
      'fulfillment.asked.field': record.asked.field,
    });
    trace.end(
      outcome === 'failed' || outcome === 'given-up' ? [outcome, ...record.codes].join(', ') : undefined,
    );
  });
  return { trace, record };
}

/** Notes what a request turned out to ask for. */
export const notesWhatIsAsked: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      const record = currentRequestRecord();
      if (record !== undefined && operation !== undefined) record.asked = askedBy(operation);
    },
  }),
};
