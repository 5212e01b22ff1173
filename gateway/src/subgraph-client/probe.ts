import type { Service } from './service.js';

/** Whether a service is ready, and how long it took to say so. */
export interface ServiceHealth {
  readonly name: string;
  readonly status: 'up' | 'down';
  readonly latencyMs: number;
}

const probeTimeoutMs = 1_000;

/** Asks a service whether it is ready; one that does not answer within a second is down. */
export async function probe({ name, basePath, pool }: Service): Promise<ServiceHealth> {
  const startedAt = performance.now();
  const up = await answersReady(() =>
    pool.request({
      method: 'GET',
      path: `${basePath}/health/ready`,
      signal: AbortSignal.timeout(probeTimeoutMs),
    }),
  );
  return {
    name,
    status: up ? 'up' : 'down',
    latencyMs: Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

async function answersReady(ask: () => ReturnType<Service['pool']['request']>): Promise<boolean> {
  try {
    const { statusCode, body } = await ask();
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
