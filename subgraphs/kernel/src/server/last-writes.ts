import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { DataSource, EntityManager } from 'typeorm';
import { aloneInTransaction } from './alone-in-transaction.js';
import { query } from './sql.js';

/** What a transaction writes when all its work is done: of these rows it reads none again. */
export interface LastWrites {
  /**
   * @param make gives one INSERT, UPDATE or DELETE, which sees nothing of the others; it may ask the database first. Null: there is
   *   nothing to write
   */
  add(make: () => Promise<Sql | null>): void;
}

/**
 * Runs work in a transaction, then writes all that it has left for its end in one statement: an answer and its events cost no more
 * than either. The end of the transaction is sent right behind it; where the statement fails, that rolls back.
 */
export async function writingTransaction<T>(
  dataSource: Pick<DataSource, 'transaction'>,
  work: (manager: EntityManager, lastWrites: LastWrites) => Promise<T>,
): Promise<T> {
  const last: Last = { written: Promise.resolve() };
  const transaction = dataSource.transaction((manager) =>
    aloneInTransaction(manager, async () => {
      const makes: (() => Promise<Sql | null>)[] = [];
      const lastWrites: LastWrites = { add: (make) => void makes.push(make) };
      const result = await work(manager, lastWrites);
      await beginToWrite(manager, makes, last);
      return result;
    }),
  );
  try {
    return await transaction;
  } finally {
    // Where they failed, that is why nothing was committed.
    await last.written;
  }
}

/** The outcome of the last writes, which is asked for after the end of the transaction. */
interface Last {
  written: Promise<unknown>;
}

/** Sends what was left for the end. */
async function beginToWrite(
  manager: EntityManager,
  makes: readonly (() => Promise<Sql | null>)[],
  last: Last,
): Promise<void> {
  const writes: Sql[] = [];
  for (const make of makes) {
    const write = await make();
    if (write !== null) writes.push(write);
  }
  if (writes.length === 0) return;
  last.written = query(manager, together(writes));
  last.written.catch(() => undefined);
}

function together(writes: readonly Sql[]): Sql {
  const [only, ...others] = writes;
  if (only !== undefined && others.length === 0) return only;
  const parts = writes.map((write, index) => sql`${raw(`write_${index + 1}`)} AS (${write})`);
  return sql`WITH ${join(parts, ', ')} SELECT`;
}
