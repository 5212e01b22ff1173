import { serviceNames, type ServiceName } from '@fulfillment/schema/events/topics';
import type { ServiceSeeder } from '@fulfillment/kernel/population/seeder';
import { copyRows } from '@fulfillment/kernel/server/copy';
import pg from 'pg';
import type { ServiceBatch } from './tell-batch.js';

/** One connection to each service's database: the four are written side by side. */
export type Clients = Readonly<Record<ServiceName, pg.Client>>;

/** Opens a connection to each service's database; `disconnect` ends them. */
export async function connect(urls: Readonly<Record<ServiceName, string>>): Promise<Clients> {
  const entries = await Promise.all(
    serviceNames.map(async (name) => {
      const client = new pg.Client({ connectionString: urls[name] });
      // A connection that is lost between two queries fails the next one: that is the error to tell.
      client.on('error', () => undefined);
      await client.connect();
      // A crash of the server may lose the last batches, which are then written again; waiting for the disk is for `finish`.
      await client.query('SET synchronous_commit = off');
      return [name, client] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<ServiceName, pg.Client>;
}

export async function disconnect(clients: Clients): Promise<void> {
  await Promise.all(serviceNames.map((name) => clients[name].end()));
}

/**
 * Writes a batch in one transaction a service. The inbox takes the batch's id in like an event's: a service that has
 * written it before does not write it again.
 */
export async function writeBatch(
  clients: Clients,
  id: string,
  batches: readonly ServiceBatch[],
): Promise<void> {
  await Promise.all(batches.map(({ name, rows }) => writeOnce(clients[name], id, rows)));
}

async function writeOnce(client: pg.Client, id: string, tables: ServiceBatch['rows']): Promise<void> {
  await client.query('BEGIN');
  try {
    const { rowCount } = await client.query(
      "INSERT INTO inbox (event_id, topic) VALUES ($1, 'seed') ON CONFLICT DO NOTHING",
      [id],
    );
    if (rowCount) for (const rows of tables()) await copyRows(client, rows);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Makes a service's database ready for batches. */
export async function begin(client: pg.Client, seeder: ServiceSeeder): Promise<void> {
  for (const statement of seeder.begin?.() ?? []) await client.query(statement);
}

/** What a service needs once all its rows are there; when it returns they survive a crash. */
export async function finish(client: pg.Client, seeder: ServiceSeeder): Promise<void> {
  await client.query('SET synchronous_commit = on');
  for (const statement of seeder.finish()) await client.query(statement);
  await client.query('ANALYZE');
}
