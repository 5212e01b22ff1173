import type { FastifyInstance } from 'fastify';
import type { Refusals } from './refusals.js';

/**
 * `GET /protection/unregistered-operations`: what was sent to this process without being registered, the latest first.
 *
 * @param assertMaySee throws unless the request comes from someone who operates the gateway
 */
export function registerRefusals(
  app: FastifyInstance,
  refusals: Refusals,
  assertMaySee: (authorization: string | undefined) => Promise<void>,
): void {
  app.get('/protection/unregistered-operations', async (request, reply) => {
    await assertMaySee(request.headers.authorization);
    return reply.header('cache-control', 'no-store').send({ operations: refusals.list() });
  });
}
