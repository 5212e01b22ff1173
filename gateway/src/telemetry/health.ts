import type { FastifyInstance } from 'fastify';
import { probe, type ServiceHealth } from '../subgraph-client/probe.js';
import type { Service } from '../subgraph-client/service.js';
import type { SupergraphState } from '../supergraph/generations.js';

/** `ready`: all services answer; `degraded`: some do not, their fields are null; `stopping`: nothing new is taken. */
export interface Readiness {
  readonly status: 'ready' | 'degraded' | 'stopping';
  readonly services: readonly ServiceHealth[];
  /** Which supergraph is in use, and why the last one that was offered was refused. */
  readonly supergraph: SupergraphState;
}

const rememberedForMs = 1_000;

/**
 * `/health/live`: the process is up. `/health/ready`: whether the gateway can serve, and each service's readiness.
 * It can serve while services are down (their fields are null), so it is 503 only while it stops.
 */
export function registerHealth(
  app: FastifyInstance,
  services: readonly Service[],
  supergraphState: () => SupergraphState,
  isStopping: () => boolean,
): void {
  const probeAll = remembered(() => Promise.all(services.map(probe)));

  app.get('/health/live', async () => ({ service: 'gateway', status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const health = await probeAll();
    const allUp = health.every(({ status }) => status === 'up');
    const status = isStopping() ? 'stopping' : allUp ? 'ready' : 'degraded';
    return reply
      .code(status === 'stopping' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({
        service: 'gateway',
        status,
        services: health,
        supergraph: supergraphState(),
      } satisfies Readiness & { service: string });
  });
}

/** However many ask, the work is done once a second at most. */
function remembered<T>(work: () => Promise<T>): () => Promise<T> {
  let last: { readonly result: Promise<T>; readonly at: number } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at >= rememberedForMs) {
      last = { result: work(), at: performance.now() };
    }
    return last.result;
  };
}
