import { Pool } from 'undici';
import { usualQueueRules } from './turns.js';

/** One service and the connections to it. */
export interface Service {
  /** Its name in the supergraph. */
  readonly name: string;
  /** Path of the base address, without a slash at its end. */
  readonly basePath: string;
  readonly pool: Pool;
}

/** How long it may take to be connected, in milliseconds. */
const connectTimeoutMs = 2_000;

/**
 * Keeps connections to a service open between requests. Deadlines are set for each request, so the pool has none.
 *
 * @param baseUrl for example http://127.0.0.1:4001
 */
export function connectService(name: string, baseUrl: string): Service {
  const { origin, pathname } = new URL(baseUrl);
  const pool = new Pool(origin, {
    connections: usualQueueRules.concurrency,
    connectTimeout: connectTimeoutMs,
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return { name, basePath: pathname.replace(/\/+$/, ''), pool };
}
