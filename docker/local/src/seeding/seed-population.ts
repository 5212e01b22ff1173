import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { consumers, serviceNames, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { consumerRows, newest, producerRows } from '@fulfillment/kernel/population/messaging-rows';
import { populationBatches } from '@fulfillment/kernel/population/population';
import type { CreateSeeder, ServiceSeeder, TableRows } from '@fulfillment/kernel/population/seeder';
import type { StoryBatch } from '@fulfillment/kernel/population/story';
import { copyRows } from '@fulfillment/kernel/server/copy';
import { createSeeder as createLicensesSeeder } from '@fulfillment/licenses/seed';
import { createSeeder as createOrdersSeeder } from '@fulfillment/orders/seed';
import { createSeeder as createPartnersSeeder } from '@fulfillment/partners/seed';
import { createSeeder as createSubscriptionsSeeder } from '@fulfillment/subscriptions/seed';
import pg from 'pg';
import { DemoPointerFinder, type DemoPointers } from './demo-pointers.js';

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
 * Fills the four databases with one population, batch by batch. Every batch is one transaction a service and is noted in
 * its inbox, so a seeding that was stopped goes on behind the last batch of each service.
 * @throws AnotherPopulationError when the databases hold accounts that are not this population's
 * @throws when aborted, between two batches
 */
export async function seedPopulation(options: SeedOptions): Promise<DemoPointers> {
  const clients = await connect(options.urls);
  const services = seeders.map(([name, create]) => ({ name, seeder: create({ today: options.today }) }));
  const pointers = new DemoPointerFinder();
  try {
    await refuseAnotherPopulation(clients.orders, options);
    let done = 0;
    for (const batch of populationBatches({ accounts: options.accounts, today: localDate(options.today) })) {
      options.signal.throwIfAborted();
      pointers.addPartners(batch.partners);
      pointers.addAccounts(batch.accounts);
      await seedBatch(batch, services, clients, options);
      done += batch.accounts.length;
      options.onProgress(done, options.accounts);
    }
    await Promise.all(services.map(({ name, seeder }) => finish(clients[name], seeder)));
    return pointers.result();
  } finally {
    await Promise.all(serviceNames.map((name) => clients[name].end()));
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

/** The same stories make the same id, so that the inbox knows a batch again. */
function batchId({ accounts, today }: Pick<SeedOptions, 'accounts' | 'today'>, index: number): string {
  return derivedId('seed-batch', accounts, today, index);
}

interface SeededService {
  readonly name: ServiceName;
  readonly seeder: ServiceSeeder;
}

type Clients = Readonly<Record<ServiceName, pg.Client>>;

async function seedBatch(
  batch: StoryBatch,
  services: readonly SeededService[],
  clients: Clients,
  options: SeedOptions,
): Promise<void> {
  const told: EventEnvelope[] = [];
  const owned = services.map(({ name, seeder }) => {
    const { rows, events } = seeder.own(batch, told);
    told.push(...events);
    return { name, seeder, rows: [...rows, ...producerRows(events)] };
  });
  await Promise.all(
    owned.map(({ name, seeder, rows }) => {
      const consumed = told.filter((event) => consumers[event.topic as Topic].includes(name));
      const projected = [...seeder.project(inEffect(consumed)), ...consumerRows(consumed)];
      return writeOnce(clients[name], batchId(options, batch.index), [...rows, ...projected]);
    }),
  );
}

/** What taking all the events in comes to: the newest snapshot of each aggregate, and every fact. */
function inEffect(events: readonly EventEnvelope[]): EventEnvelope[] {
  const facts = events.filter((event) => event.kind === 'FACT');
  return [...newest(events.filter((event) => event.kind === 'SNAPSHOT')), ...facts];
}

/** The inbox takes the batch in like an event: a batch that was written before is not written again. */
async function writeOnce(client: pg.Client, id: string, tables: readonly TableRows[]): Promise<void> {
  await client.query('BEGIN');
  try {
    const { rowCount } = await client.query(
      "INSERT INTO inbox (event_id, topic) VALUES ($1, 'seed') ON CONFLICT DO NOTHING",
      [id],
    );
    if (rowCount) for (const rows of merged(tables)) await copyRows(client, rows);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** One write a table, in the order of first mention. */
function merged(tables: readonly TableRows[]): TableRows[] {
  const byTable = new Map<string, TableRows>();
  for (const rows of tables) {
    const known = byTable.get(rows.table);
    byTable.set(rows.table, known ? { ...known, rows: [...known.rows, ...rows.rows] } : rows);
  }
  return [...byTable.values()];
}

async function finish(client: pg.Client, seeder: ServiceSeeder): Promise<void> {
  for (const statement of seeder.finish()) await client.query(statement);
  await client.query('ANALYZE');
}

async function connect(urls: SeedOptions['urls']): Promise<Clients> {
  const entries = await Promise.all(
    serviceNames.map(async (name) => {
      const client = new pg.Client({ connectionString: urls[name] });
      // A connection that is lost between two queries fails the next one: that is the error to tell.
      client.on('error', () => undefined);
      await client.connect();
      return [name, client] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<ServiceName, pg.Client>;
}
