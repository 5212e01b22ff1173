import { localDate } from '@fulfillment/kernel/domain/calendar';
import { populationBatches } from '@fulfillment/kernel/population/population';
import { seedPopulation } from '@fulfillment/local/seeding/seed-population';
import {
  createProcessGroup,
  processNames,
  type ProcessGroup,
  type ProcessGroupOptions,
} from '../kit/process-group.js';
import { type DatabaseServer, startDatabaseServer } from './database-server.js';

/** An account that orders are placed for, and the partner that sells to it, if one does. */
export interface Buyer {
  readonly accountId: string;
  readonly partnerId: string | null;
}

/** Everything as processes of its own: the database server, the services and the gateway, with a population in them. */
export interface LoadSystem {
  readonly server: DatabaseServer;
  readonly processes: ProcessGroup;
  readonly buyers: readonly Buyer[];
  /** What the population was made from. */
  readonly population: { readonly accounts: number; readonly today: string };
  stop(): Promise<void>;
}

/** Starts the built system and fills it. */
export async function startLoadSystem(
  accounts: number,
  options: ProcessGroupOptions = {},
): Promise<LoadSystem> {
  const server = await startDatabaseServer();
  const processes = await createProcessGroup(server.urls, options);
  const stop = async () => {
    await processes.stopAll();
    await server.stop();
  };
  try {
    await Promise.all(processNames.map((name) => processes.start(name)));
    const today = new Date().toISOString().slice(0, 10);
    await seedPopulation({
      accounts,
      today,
      urls: server.urls,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    return { server, processes, buyers: buyersOf(accounts, today), population: { accounts, today }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function buyersOf(accounts: number, today: string): Buyer[] {
  return [...populationBatches({ accounts, today: localDate(today) })].flatMap((batch) =>
    batch.accounts.map(({ id, soldBy }) => ({ accountId: id, partnerId: soldBy[0]?.partner.id ?? null })),
  );
}
