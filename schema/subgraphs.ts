import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The four services of the graph, in the order in which their SDL is composed. */
export const SUBGRAPH_NAMES = ['orders', 'subscriptions', 'licenses', 'partners'] as const;

export type SubgraphName = (typeof SUBGRAPH_NAMES)[number];

const require = createRequire(import.meta.url);

/** The text of a contract in this folder, for example `readContract('orders.graphql')`, from source and from dist alike. */
export function readContract(fileName: string): Promise<string> {
  return readFile(require.resolve(`@fulfillment/schema/${fileName}`), 'utf8');
}

/** The whole SDL of one service: the shared types, then its own. */
export async function subgraphSdl(name: SubgraphName): Promise<string> {
  const [shared, own] = await Promise.all([readContract('shared.graphql'), readContract(`${name}.graphql`)]);
  return `${own}\n${shared}`;
}

/** The SDL of every service by its name. */
export async function readSubgraphs(): Promise<Record<SubgraphName, string>> {
  const entries = await Promise.all(
    SUBGRAPH_NAMES.map(async (name) => [name, await subgraphSdl(name)] as const),
  );
  return Object.fromEntries(entries) as Record<SubgraphName, string>;
}
