import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import type { Logger } from '../logger.js';
import { RequestCancellation } from '../request-cancellation.js';
import { allowCancellation } from '../request-scope.js';

/** The header in which the gateway says how many milliseconds it still waits for the answer. */
const deadlineHeader = 'x-deadline-ms';

const longestDeadlineMs = 600_000;

/**
 * Gives a request up when its time is over, or when its connection closes before the answer was sent: the gateway does
 * that when nobody waits for the answer any more.
 */
export function watchRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
  traceId: string | undefined,
): RequestCancellation {
  const cancellation = new RequestCancellation();
  const { [deadlineHeader]: deadline, 'x-request-id': requestId } = request.headers;
  cancellation.onGivenUp((error) =>
    logger.info({ requestId, traceId, reason: String(error) }, 'A request was given up'),
  );
  const milliseconds = deadlineOf(deadline);
  const timer =
    milliseconds === undefined
      ? undefined
      : setTimeout(() => cancellation.cancel('DEADLINE_EXCEEDED'), milliseconds);
  const { raw } = reply;
  raw.once('close', () => {
    clearTimeout(timer);
    if (!raw.writableFinished) cancellation.cancel('CLIENT_GONE');
  });
  return cancellation;
}

/** Undefined when there is none, or what is there is no number of milliseconds: then the connection alone decides. */
function deadlineOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), longestDeadlineMs);
}

/** Queries may be given up; a mutation goes on to its end. */
export const queriesMayBeGivenUp: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation === OperationTypeNode.QUERY) allowCancellation();
    },
  }),
};
