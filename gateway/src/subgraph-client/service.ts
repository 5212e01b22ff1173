import { Connections } from './http/connections.js';

/** One service and the connections to it. */
export interface Service {
  /** Its name in the supergraph. */
  readonly name: string;
  /** Path of the base address, without a slash at its end. */
  readonly basePath: string;
  readonly connections: Connections;
}

/**
 * Keeps connections to a service open between requests. Deadlines are set for each request, so they have none.
 *
 * @param baseUrl for example http://127.0.0.1:4001
 */
export function connectService(name: string, baseUrl: string): Service {
  const url = new URL(baseUrl);
  const connections = new Connections(url, {
    limits: { head: 16 * 1024, body: 32 * 1024 * 1024 },
    connectTimeoutMs: 2_000,
    keepMs: 30_000,
  });
  return { name, basePath: url.pathname.replace(/\/+$/, ''), connections };
}
