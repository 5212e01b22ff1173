import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createIdentity } from '@fulfillment/local/identity/identity';
import { composeSupergraph } from '@fulfillment/schema/composition';
import { freePort } from '../../../kit/free-port.js';
import { startChild, typescriptArguments, untilListening } from '../processes/child.js';
import { pageHole } from '../stand-ins/page.js';
import { standInQueries } from '../stand-ins/queries.js';
import { standInNames, standInSdl } from '../stand-ins/subgraphs.js';
import { withAddresses } from './addresses.js';
import type { BenchGraph } from './graph.js';

/**
 * Starts the stand-ins: services that cost next to nothing, in the shape of the public benchmark.
 * @param viewers how many ask each query
 */
export async function startStandInGraph(viewers = 1): Promise<BenchGraph> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gateway-bench-'));
  const supergraphFile = path.join(folder, 'supergraph.graphql');
  const keySet = path.join(folder, 'jwks.json');
  const ports: Record<string, number> = {};
  for (const name of standInNames) ports[name] = await freePort();
  const services = Object.fromEntries(standInNames.map((name) => [name, `http://127.0.0.1:${ports[name]}`]));
  const identity = await createIdentity();
  await writeFile(supergraphFile, withAddresses(composeSupergraph(standInSdl), services));
  await writeFile(keySet, JSON.stringify(identity.clientKeySet));
  const tokens = await Promise.all(
    Array.from({ length: viewers }, (_, viewer) =>
      identity.issueToken({ audience: 'internal', subject: `viewer-${viewer}` }),
    ),
  );

  const child = startChild({
    name: 'the stand-ins',
    entry: fileURLToPath(new URL('../stand-ins/main.ts', import.meta.url)),
    nodeArguments: typescriptArguments,
    environment: { STAND_IN_PORTS: JSON.stringify(ports) },
  });
  const stop = async () => {
    await child.stop();
    await rm(folder, { recursive: true });
  };
  try {
    for (const url of Object.values(services)) await untilListening(child, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'stand-ins',
    services,
    peerSupergraphFile: supergraphFile,
    oursEnvironment: {
      SUPERGRAPH_FILE: supergraphFile,
      IDENTITY_JWKS_URL: pathToFileURL(keySet).href,
      IDENTITY_ISSUER: identity.issuer,
      VIEWER_SIGNING_KEY: identity.viewerSigningKey,
    },
    queries: Object.entries(standInQueries).map(([name, query]) => ({
      name,
      hasPages: true,
      requests: tokens.map((token) => ({
        token,
        body: JSON.stringify({ query, operationName: name, variables: { page: pageHole } }),
      })),
    })),
    stop,
  };
}
