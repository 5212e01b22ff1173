import type { Service } from './service.js';

/** Whether a service is ready, and how long it took to say so. */
export interface ServiceHealth {
  readonly name: string;
  readonly status: 'up' | 'down';
  readonly latencyMs: number;
}

const probeTimeoutMs = 1_000;

/** Asks a service whether it is ready; one that does not answer within a second is down. */
export async function probe(service: Service): Promise<ServiceHealth> {
  const startedAt = performance.now();
  const up = await answersReady(service);
  return {
    name: service.name,
    status: up ? 'up' : 'down',
    latencyMs: Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

function answersReady({ basePath, connections }: Service): Promise<boolean> {
  return new Promise((resolve) => {
    const exchange = {
      answered: (status: number) => end(status === 200),
      failed: () => end(false),
    };
    const head = `GET ${basePath}/health/ready HTTP/1.1\r\n`;
    const sent = connections.send({ head, body: '', mayBeSentAgain: false }, exchange);
    const timer = setTimeout(() => {
      sent.giveUp(exchange);
      end(false);
    }, probeTimeoutMs);
    const end = (isReady: boolean) => {
      clearTimeout(timer);
      resolve(isReady);
    };
  });
}
