import { withTraceIds } from '@fulfillment/telemetry/traced-errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { gatewayError } from '../errors.js';
import { closeWhenArrived } from './closing.js';
import { errorResponse } from './error-format.js';
import { mediaTypeFor, statusFor } from './media-type.js';

/** The largest body of a request in bytes. */
export const bodyLimitBytes = 1024 * 1024;

/** Whatever goes wrong around GraphQL is answered with a GraphQL error too, and no stack ever leaves the process. */
export function registerHttpErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, logger));

  app.setNotFoundHandler((request, reply) => {
    const error = gatewayError(
      'NOT_FOUND',
      `There is no ${request.method} at this address: GraphQL is at POST /graphql.`,
    );
    return answerError(error, request, reply, logger);
  });
}

/** Answers with an error, in the media type and with the status that suit the client; a fault of ours is logged. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const { status, code, body } = errorResponse(error);
  const { traceId } = request.trace;
  if (code === 'INTERNAL_SERVER_ERROR' || code === 'IDENTITY_UNAVAILABLE') {
    logger.error({ requestId: request.id, traceId, err: causeOf(error) }, 'A request failed');
  }
  void reply.headers(headersOf(error));
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer');
  if (code === 'BODY_TOO_LARGE') closeWhenArrived(request.raw);
  const { accept } = request.headers;
  return reply
    .code(statusFor(accept, status, [code]))
    .type(mediaTypeFor(accept))
    .send(JSON.stringify({ errors: withTraceIds(body.errors, traceId) }));
}

/** What an error of the catalog says by headers, for example `Retry-After`. */
function headersOf(error: unknown): Record<string, string> {
  const http = error instanceof GraphQLError ? error.extensions['http'] : undefined;
  const headers = typeof http === 'object' && http !== null && 'headers' in http ? http.headers : undefined;
  return headers instanceof Map ? (Object.fromEntries(headers) as Record<string, string>) : {};
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}
