import type { Logger } from 'pino';
import type { SubgraphAnswer, SubgraphFetch } from '../execution/subgraph-fetch.js';
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
  return async (request, context) => {
    const { serviceName, operationKind } = request.fetch;
    const startedAt = performance.now();
    const span = context.trace.sampled
      ? context.trace.child(`fetch ${serviceName}`, 'client', {
          'peer.service': serviceName,
          'graphql.operation.type': operationKind,
          'fulfillment.entities': request.representations?.length ?? 0,
        })
      : undefined;
    const end = (outcome: string, failure?: string) => {
      onAnswered(serviceName, outcome, (performance.now() - startedAt) / 1000);
      span?.end(failure);
    };
    try {
      const answer = await ask(request, span === undefined ? context : { ...context, trace: span });
      end(answer.errors === undefined ? 'ok' : 'errors');
      return answer;
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      end(error.abandoned ? 'abandoned' : error.code, error.code);
      logFailure(logger, error, serviceName, context);
      return failed(error, serviceName);
    }
  };
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
