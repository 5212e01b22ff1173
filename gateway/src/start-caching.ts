import { once } from 'node:events';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { createCaching, type Caching } from './cache/caching.js';
import type { CacheCounters } from './cache/counters.js';
import { leaveWhenEvicting, refuseEviction } from './cache/shared-cache.js';
import type { GatewayEnvironment } from './environment.js';
import type { KeptResponse } from './supergraph/kept-responses.js';

const bytesPerMegabyte = 1024 * 1024;
/** So long the start waits for Redis; one that comes later is used then. */
const redisPatienceMs = 2_000;

/** What caching works with besides the environment. */
export interface CachingParts {
  readonly redis: Redis | undefined;
  readonly logger: Logger;
  readonly counters: CacheCounters;
  /** Milliseconds since 1970; the machine's clock when it is left out. */
  readonly now?: (() => number) | undefined;
}

/**
 * What the gateway keeps of answers, put together from the environment.
 *
 * @throws SharedCacheError when Redis is set up in a way that does not fit
 */
export async function startCaching(
  environment: GatewayEnvironment,
  { redis, logger, counters, now = Date.now }: CachingParts,
): Promise<Caching<KeptResponse>> {
  if (redis !== undefined) {
    if (await isReady(redis)) await refuseEviction(redis);
    leaveWhenEvicting(redis, (error) => logger.error({ event: 'redis', err: error }, error.message));
  }
  return createCaching({
    changesUrl: environment.CHANGES_DATABASE_URL,
    redis,
    now,
    counters,
    maximumBytes: environment.CACHE_MEGABYTES * bytesPerMegabyte,
    report: (message, error) => {
      if (error === undefined) logger.info({ event: 'cache' }, message);
      else logger.warn({ event: 'cache', err: error }, message);
    },
  });
}

async function isReady(redis: Redis): Promise<boolean> {
  if (redis.status === 'ready') return true;
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(redisPatienceMs) });
    return true;
  } catch {
    return false;
  }
}
