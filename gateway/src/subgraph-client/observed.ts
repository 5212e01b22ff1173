import type { Span } from '@fulfillment/telemetry/tracing';
import type { Logger } from 'pino';
import type { SubgraphAnswer, SubgraphFetch, SubgraphRequest } from '../execution/subgraph-fetch.js';
import { failureError, ServiceFailure } from './failure.js';
import type { AskService } from './subgraph-client.js';
import type { SubgraphContext } from './subgraph-context.js';

/** Told of each request to a service that ended: `ok`, `errors`, `abandoned` or the code of its failure. */
export type OnAnswered = (service: string, outcome: string, seconds: number) => void;

/**
 * Asks services for the executor: a failure is an answer with one error that names the service. Each request is counted,
 * one that fails is in the log, and where the client's request is recorded it is a span of its own.
 */
export function observed(
  ask: AskService,
  logger: Logger,
  onAnswered: OnAnswered,
): SubgraphFetch<SubgraphContext> {
  return (request, context) => {
    const { serviceName } = request.fetch;
    const startedAt = performance.now();
    const span = spanOf(request, context);
    const end = (outcome: string, failure?: string) => {
      onAnswered(serviceName, outcome, (performance.now() - startedAt) / 1000);
      span?.end(failure);
    };
    return ask(request, span === undefined ? context : { ...context, trace: span }).then(
      (answer) => {
        end(answer.errors === undefined ? 'ok' : 'errors');
        return answer;
      },
      (error: unknown) => {
        if (!(error instanceof ServiceFailure)) throw error;
        end(error.abandoned ? 'abandoned' : error.code, error.code);
        logFailure(logger, error, serviceName, context);
        return failed(error, serviceName);
      },
    );
  };
}

/** Undefined where the client's request is not recorded. */
function spanOf({ fetch, representations }: SubgraphRequest, { trace }: SubgraphContext): Span | undefined {
  if (!trace.sampled) return undefined;
  return trace.child(`fetch ${fetch.serviceName}`, 'client', {
    'peer.service': fetch.serviceName,
    'graphql.operation.type': fetch.operationKind,
    'fulfillment.entities': representations?.length ?? 0,
  });
}

function failed({ code }: ServiceFailure, service: string): SubgraphAnswer {
  return { errors: [failureError(code, service).toJSON()] };
}

/** A service that was not asked at all, because its circuit is open, was told of when that happened. */
function logFailure(
  logger: Logger,
  failure: ServiceFailure,
  service: string,
  { requestId, trace, clientGone }: SubgraphContext,
): void {
  if (clientGone.aborted) return;
  const { code, detail } = failure;
  const line = { requestId, traceId: trace.traceId, service, code, detail };
  if (failure.notAsked) logger.debug(line, 'A service was not asked');
  else logger.warn(line, 'A service failed');
}
