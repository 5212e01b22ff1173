import type { ServiceName } from '@fulfillment/schema/events/topics';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { populationBatches } from '@fulfillment/kernel/population/population';
import type { CreateSeeder } from '@fulfillment/kernel/population/seeder';
import { createSeeder as createLicensesSeeder } from '@fulfillment/licenses/seed';
import { createSeeder as createOrdersSeeder } from '@fulfillment/orders/seed';
import { createSeeder as createPartnersSeeder } from '@fulfillment/partners/seed';
import { createSeeder as createSubscriptionsSeeder } from '@fulfillment/subscriptions/seed';
import type pg from 'pg';
import { DemoPointerFinder, type DemoPointers } from './demo-pointers.js';
import { begin, type Clients, connect, disconnect, finish, writeBatch } from './service-databases.js';
import { type SeededService, tellBatch } from './tell-batch.js';

export interface SeedOptions {
  readonly accounts: number;
  /** Connection URLs of the four services' migrated databases. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** The day that the stories are told on, `2026-11-23`. */
  readonly today: string;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** Each service after those whose events it makes its own rows from. */
const seeders: readonly (readonly [ServiceName, CreateSeeder])[] = [
  ['partners', createPartnersSeeder],
  ['orders', createOrdersSeeder],
  ['subscriptions', createSubscriptionsSeeder],
  ['licenses', createLicensesSeeder],
];

/**
 * Fills the four databases with one population, batch by batch; one batch is told while the one before is written, so
 * memory does not grow with the population. Every batch is one transaction a service and is noted in its inbox: a
 * seeding that was stopped, or whose server crashed, goes on behind the last batch of each service.
 * @throws AnotherPopulationError when the databases hold accounts that are not this population's
 * @throws when aborted, between two batches
 */
export async function seedPopulation(options: SeedOptions): Promise<DemoPointers> {
  const clients = await connect(options.urls);
  try {
    await refuseAnotherPopulation(clients.orders, options);
    const services = seeders.map(([name, create]) => ({ name, seeder: create({ today: options.today }) }));
    await Promise.all(services.map(({ name, seeder }) => begin(clients[name], seeder)));
    const pointers = await seedBatches(services, clients, options);
    await Promise.all(services.map(({ name, seeder }) => finish(clients[name], seeder)));
    return pointers;
  } finally {
    await disconnect(clients);
  }
}

/** The databases hold accounts already, of another population or of real use. */
export class AnotherPopulationError extends Error {
  override name = 'AnotherPopulationError';
}

/** Stories of another size or day would meet rows of the same ids. */
async function refuseAnotherPopulation(orders: pg.Client, options: SeedOptions): Promise<void> {
  const { rows } = await orders.query<{ empty: boolean; begun: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM account) AS empty,
            EXISTS (SELECT FROM inbox WHERE event_id = $1) AS begun`,
    [batchId(options, 0)],
  );
  if (rows[0]?.empty || rows[0]?.begun) return;
  throw new AnotherPopulationError(
    'The databases hold another population already: begin afresh with `npm start -- --reset --accounts N`.',
  );
}

async function seedBatches(
  services: readonly SeededService[],
  clients: Clients,
  options: SeedOptions,
): Promise<DemoPointers> {
  const { accounts, today, signal, onProgress } = options;
  const pointers = new DemoPointerFinder();
  let writing = Promise.resolve();
  try {
    let done = 0;
    for (const batch of populationBatches({ accounts, today: localDate(today) })) {
      signal.throwIfAborted();
      pointers.addPartners(batch.partners);
      pointers.addAccounts(batch.accounts);
      const told = await tellBatch(batch, services);
      await writing;
      onProgress(done, accounts);
      done += batch.accounts.length;
      writing = writeBatch(clients, batchId(options, batch.index), told);
      // Its failure is told by the wait for it; until then nobody has asked.
      writing.catch(() => undefined);
    }
    await writing;
    onProgress(done, accounts);
    return pointers.result();
  } finally {
    await writing.catch(() => undefined);
  }
}

/** The same stories make the same id, so that the inbox knows a batch again. */
function batchId({ accounts, today }: Pick<SeedOptions, 'accounts' | 'today'>, index: number): string {
  return derivedId('seed-batch', accounts, today, index);
}
