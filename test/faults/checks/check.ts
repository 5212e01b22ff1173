import { databaseNames, type DatabaseName } from '@fulfillment/local/databases';
import pg from 'pg';

/** The databases of a system that has settled. */
export type Databases = Readonly<Record<DatabaseName, pg.Client>>;

/** What the load brought about, as its clients know it. */
export interface Told {
  /** The id of every order that a client was told of, by its idempotency key. */
  readonly orders: ReadonlyMap<string, string>;
  /** What the population was made from. */
  readonly population: { readonly accounts: number; readonly today: string };
}

/** Something that must hold whatever was killed. */
export interface Check {
  /** What holds, as a sentence. */
  readonly name: string;
  /** What breaks it, a sentence each; nothing when it holds. */
  readonly violations: (databases: Databases, told: Told) => Promise<string[]>;
}

/** Rows that must not be there, as one statement finds them in one database: its column `violation` says what is wrong. */
export function noRows(name: string, database: DatabaseName, statement: string): Check {
  return {
    name,
    async violations(databases) {
      const { rows } = await databases[database].query<{ violation: string }>(statement);
      return rows.map(({ violation }) => violation);
    },
  };
}

/** Works with a connection to each database. */
export async function withDatabases<T>(
  urls: Readonly<Record<DatabaseName, string>>,
  work: (databases: Databases) => Promise<T>,
): Promise<T> {
  const clients = databaseNames.map(
    (name) => [name, new pg.Client({ connectionString: urls[name] })] as const,
  );
  try {
    for (const [, client] of clients) await client.connect();
    return await work(Object.fromEntries(clients) as Record<DatabaseName, pg.Client>);
  } finally {
    await Promise.all(clients.map(([, client]) => client.end()));
  }
}
