import { withTraceId } from '@fulfillment/telemetry/traced-errors';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '../logger.js';
import { inRequestScope } from '../request-scope.js';

/**
 * Answers whatever goes wrong around GraphQL and in pages with an error in GraphQL's form and the id of the trace. A fault of
 * ours says nothing of itself; its cause is in the log.
 */
export function registerHttpErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, { scope }, reply) => {
    const status = statusOf(error);
    if (status < 500)
      return answer(reply, status, 'BAD_REQUEST', 'The body is too large, or not of its media type.');
    inRequestScope(scope, () => logger.error({ err: error }, 'A request failed'));
    const message = 'The service could not answer. Try again; the trace id finds the cause in its log.';
    return answer(reply, status, 'INTERNAL_SERVER_ERROR', message);
  });
  app.setNotFoundHandler((_request, reply) =>
    answer(reply, 404, 'NOT_FOUND', 'There is nothing at this address.'),
  );
}

function answer(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const { record, trace } = reply.request.scope;
  record?.codes.add(code);
  const error = { message, extensions: { code } };
  // The gateway may still be sending: reset, its connection would take the answer along. What is left is read and dropped.
  if (status === 413) void reply.removeHeader('connection');
  const shown = trace === undefined ? error : withTraceId(error, trace.traceId);
  return reply.code(status).send({ errors: [shown] });
}

/** The HTTP status of an error that the HTTP server itself raised; 500 of any other. */
function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
