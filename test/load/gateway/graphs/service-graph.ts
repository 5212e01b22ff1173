import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { populationBatches } from '@fulfillment/kernel/population/population';
import { viewerTokenAudience, viewerTokenIssuer } from '@fulfillment/kernel/server/graphql/viewer-token';
import type { Identity } from '@fulfillment/local/identity/identity';
import { audienceSupergraph, withoutSecurity } from '@fulfillment/schema/audience';
import { importJWK, SignJWT, type JWK } from 'jose';
import { startLoadSystem, type LoadSystem } from '../../load-system.js';
import { withAddresses } from './addresses.js';
import type { BenchGraph, BenchQuery } from './graph.js';

/** Enough that 50 connections never ask about the same deployment at one time. */
const accounts = 80;

/**
 * Starts our four services on a database server of their own, filled with the demo population, and asks what the product
 * asks on every page load. Peers are put before the product's part of our supergraph without security directives.
 */
export async function startServiceGraph(): Promise<BenchGraph> {
  const system = await startLoadSystem(accounts);
  const folder = await mkdtemp(path.join(tmpdir(), 'gateway-bench-'));
  const stop = async () => {
    await system.stop();
    await rm(folder, { recursive: true });
  };
  try {
    await system.processes.stop('gateway');
    const { serviceUrls, gatewayEnvironment } = system.processes;
    const peerSupergraphFile = path.join(folder, 'supergraph.graphql');
    const sdl = await readFile(
      new URL(import.meta.resolve('@fulfillment/schema/supergraph.graphql')),
      'utf8',
    );
    const productSdl = withoutSecurity(audienceSupergraph(sdl, 'product'));
    await writeFile(peerSupergraphFile, withAddresses(productSdl, serviceUrls));
    return {
      name: 'services',
      services: serviceUrls,
      peerSupergraphFile,
      oursEnvironment: gatewayEnvironment,
      queries: [await entitlements(system)],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A request for each deployment, each by its own account's product. */
async function entitlements({ processes, population }: LoadSystem): Promise<BenchQuery> {
  const query = await registeredText('ProductEntitlements');
  const today = localDate(population.today);
  const stories = [...populationBatches({ accounts: population.accounts, today })].flatMap(
    (batch) => batch.accounts,
  );
  const requests = stories.flatMap(({ id, deployments }) =>
    deployments.map(async ({ kind, externalId }) => ({
      token: await processes.identity.issueToken({ audience: 'product', account: id }),
      viewerToken: await viewerToken(processes.identity, id),
      body: JSON.stringify({
        query,
        operationName: 'ProductEntitlements',
        variables: { deploymentKind: kind, externalId },
      }),
    })),
  );
  return { name: 'entitlements', hasPages: false, requests: await Promise.all(requests) };
}

/** The text under which one of the product's operations is registered: our gateway takes no other from it. */
async function registeredText(operation: string): Promise<string> {
  const manifest = new URL(import.meta.resolve('@fulfillment/schema/operations/safelist.json'));
  const entries = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, { document: string }>;
  const found = Object.values(entries).find(({ document }) => document.startsWith(`query ${operation}(`));
  if (found === undefined) throw new Error(`${operation} is not registered`);
  return found.document;
}

/** What our gateway would send to services for an account's product; it holds as long as the benchmark runs. */
async function viewerToken({ viewerSigningKey }: Identity, account: string): Promise<string> {
  const key = JSON.parse(viewerSigningKey) as JWK;
  return new SignJWT({ audience: 'product', scopes: ['entitlements:read', 'orders:place'], account })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid ?? '' })
    .setSubject('bench')
    .setIssuer(viewerTokenIssuer)
    .setAudience(viewerTokenAudience)
    .setIssuedAt()
    .setExpirationTime('2h')
    .sign(await importJWK(key, 'EdDSA'));
}
