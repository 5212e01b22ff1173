import type { DatabaseName } from '@fulfillment/local/databases';
import pg from 'pg';
import type { FloorTable } from './floor-table.js';

/** What an order writes into a database, as copies of its tables can take it. */
export interface FloorDatabase {
  readonly database: DatabaseName;
  readonly transactions: number;
  readonly tables: readonly FloorTable[];
}

/** One connection to each database, which writes what orders write: nothing but SQL, nothing computed. */
export class FloorWriter {
  readonly #clients = new Map<DatabaseName, pg.Client>();
  readonly #carried = new Map<string, number>();
  readonly #written = new Map<string, Readonly<Record<string, unknown>>[]>();

  private constructor(private readonly shape: readonly FloorDatabase[]) {}

  static async open(
    urls: Readonly<Record<DatabaseName, string>>,
    shape: readonly FloorDatabase[],
  ): Promise<FloorWriter> {
    const writer = new FloorWriter(shape);
    for (const { database } of shape) {
      const client = new pg.Client({ connectionString: urls[database] });
      await client.connect();
      writer.#clients.set(database, client);
    }
    return writer;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.end()));
  }

  /** The rows of one order in its transactions, database by database. */
  async writeOrder(): Promise<void> {
    for (const { database, transactions, tables } of this.shape) {
      const client = this.#clients.get(database);
      if (!client) throw new Error(`There is no connection to ${database}`);
      const statements = tables.flatMap((table) => this.#statementsFor(database, table));
      const count = Math.max(1, this.#whole(`${database} transactions`, transactions));
      for (let index = 0; index < count; index += 1) {
        const part = statements.filter((_statement, place) => place % count === index);
        if (part.length > 0) await inTransaction(client, part);
      }
    }
  }

  /** Half a row is every second time one. */
  #whole(name: string, share: number): number {
    const sum = (this.#carried.get(name) ?? 0) + share;
    this.#carried.set(name, sum - Math.floor(sum));
    return Math.floor(sum);
  }

  #statementsFor(database: DatabaseName, table: FloorTable): pg.QueryConfig[] {
    const { copy, shape } = table;
    const name = `${database} ${copy}`;
    const written = this.#written.get(name) ?? [];
    this.#written.set(name, written);
    const inserts = Array.from({ length: this.#whole(`${name} inserts`, shape.inserts) }, () => {
      const row = table.newRow();
      written.push(row);
      return insertion(table, row);
    });
    const updates = Array.from({ length: this.#whole(`${name} updates`, shape.updates) }, () => {
      const row = written.at(-1);
      return row ? [change(table, row)] : [];
    });
    const deletes = Array.from({ length: this.#whole(`${name} deletes`, shape.deletes) }, () => {
      const row = written.shift();
      return row ? [deletion(table, row)] : [];
    });
    // What is deleted some day is not kept here: the memory of a long round stays small.
    if (shape.deletes === 0) written.splice(0, written.length - 1);
    return [...inserts, ...updates.flat(), ...deletes.flat()];
  }
}

async function inTransaction(client: pg.Client, statements: readonly pg.QueryConfig[]): Promise<void> {
  await client.query('BEGIN');
  for (const statement of statements) await client.query(statement);
  await client.query('COMMIT');
}

/** Statements have names, so that each is planned once a connection. */
function insertion({ copy }: FloorTable, row: Readonly<Record<string, unknown>>): pg.QueryConfig {
  const columns = Object.keys(row);
  const names = columns.map((column) => `"${column}"`).join(', ');
  const places = columns.map((_, index) => `$${index + 1}`).join(', ');
  return {
    name: `insert ${copy}`,
    text: `INSERT INTO ${copy} (${names}) VALUES (${places})`,
    values: Object.values(row),
  };
}

function change(table: FloorTable, row: Readonly<Record<string, unknown>>): pg.QueryConfig {
  const { copy, changed } = table;
  const { where, values } = identified(table, row);
  return {
    name: `update ${copy}`,
    text: `UPDATE ${copy} SET "${changed}" = "${changed}" WHERE ${where}`,
    values,
  };
}

function deletion(table: FloorTable, row: Readonly<Record<string, unknown>>): pg.QueryConfig {
  const { where, values } = identified(table, row);
  return { name: `delete ${table.copy}`, text: `DELETE FROM ${table.copy} WHERE ${where}`, values };
}

function identified({ keys }: FloorTable, row: Readonly<Record<string, unknown>>) {
  const known = keys.filter((key) => row[key] !== null);
  return {
    where: known.map((key, index) => `"${key}" = $${index + 1}`).join(' AND '),
    values: known.map((key) => row[key]),
  };
}
