import { databaseNames, type DatabaseName } from '@fulfillment/local/databases';
import type pg from 'pg';
import type { Databases } from '../../faults/checks/check.js';

/** What an order writes into one table, on average. */
export interface TableShape {
  /** With its schema, quoted where it must be. */
  readonly table: string;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
}

/** What an order writes into one database, on average. */
export interface DatabaseShape {
  readonly database: DatabaseName;
  /** Transactions that write something; those that only read are left out. */
  readonly transactions: number;
  readonly tables: readonly TableShape[];
}

interface Counters {
  /** Of the whole server: only a transaction that writes takes a number. */
  readonly transactionNumber: number;
  readonly tables: ReadonlyMap<DatabaseName, ReadonlyMap<string, readonly number[]>>;
}

/** PostgreSQL writes its statistics down about once a second. */
export const statisticsDelayMs = 1_500;

/** Counts what is written from now on, until the function that it gives is called with the number of orders. */
export async function startCounting(
  databases: Databases,
): Promise<(orders: number) => Promise<DatabaseShape[]>> {
  const before = await counters(databases);
  return async (orders) => {
    const after = await counters(databases);
    const ofServices = new Map<DatabaseName, number>();
    for (const name of databaseNames) {
      if (name === 'bus') continue;
      ofServices.set(name, await transactionsSince(databases[name], before.transactionNumber));
    }
    const services = [...ofServices.values()].reduce((sum, count) => sum + count, 0);
    ofServices.set('bus', after.transactionNumber - before.transactionNumber - services);
    return databaseNames.map((database) => ({
      database,
      transactions: (ofServices.get(database) ?? 0) / orders,
      tables: tableShapes(before.tables.get(database), after.tables.get(database), orders),
    }));
  };
}

async function counters(databases: Databases): Promise<Counters> {
  const numbers = await databases.orders.query<{ next: string }>(
    'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next',
  );
  const tables = new Map<DatabaseName, ReadonlyMap<string, readonly number[]>>();
  for (const name of databaseNames) {
    const { rows } = await databases[name].query<{ table: string; counts: string[] }>(
      `SELECT relid::regclass::text AS table, ARRAY[n_tup_ins, n_tup_upd, n_tup_del] AS counts
       FROM pg_stat_user_tables`,
    );
    tables.set(name, new Map(rows.map(({ table, counts }) => [table, counts.map(Number)])));
  }
  return { transactionNumber: Number(numbers.rows[0]?.next), tables };
}

/**
 * The transactions that have left a row in a database since a number was given out. In a service's database each leaves
 * one that nothing overwrites; the bus deletes its rows, so what remains of the server's count is its own.
 */
async function transactionsSince(client: pg.Client, number: number): Promise<number> {
  const { rows: tables } = await client.query<{ table: string }>(
    'SELECT relid::regclass::text AS table FROM pg_stat_user_tables',
  );
  const numbers = tables.map(
    ({ table }) => `SELECT xmin::text::bigint AS number FROM ${table} WHERE xmin::text::bigint >= ${number}`,
  );
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(DISTINCT number) AS count FROM (${numbers.join(' UNION ALL ')}) AS written`,
  );
  return Number(rows[0]?.count);
}

function tableShapes(
  before: ReadonlyMap<string, readonly number[]> | undefined,
  after: ReadonlyMap<string, readonly number[]> | undefined,
  orders: number,
): TableShape[] {
  return [...(after ?? [])].flatMap(([table, counts]) => {
    const [inserts = 0, updates = 0, deletes = 0] = counts.map(
      (count, index) => (count - (before?.get(table)?.[index] ?? 0)) / orders,
    );
    return inserts + updates + deletes === 0 ? [] : [{ table, inserts, updates, deletes }];
  });
}
