import { createServer } from 'node:http';
import type { Registry } from 'prom-client';

/**
 * Serves `/metrics` at an address of its own, which need not be reachable from where clients are.
 *
 * Rejects with an error for people when the port is taken.
 */
export async function serveMetrics(
  registry: Registry,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken: set METRICS_PORT to a free one or stop what listens there.`)
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${actual}/metrics`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
