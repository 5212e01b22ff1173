import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** How long a command may take: what waits longer does without Redis. */
const commandTimeoutMs = 100;

/**
 * What gateways share. A command fails at once while there is no connection; the connection is tried again for ever,
 * at most 2 s apart.
 */
export function connectRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    retryStrategy: (times) => Math.min(2_000, times * 50),
  });
  redis.on('error', (error: Error) => logger.debug({ event: 'redis', err: error }, 'Redis is not reachable'));
  return redis;
}
