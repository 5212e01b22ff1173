import sql, { join, raw, type Sql } from 'sql-template-tag';
import { query, type Queryable } from './sql.js';

/** What a transaction writes when all its work is done: of these rows it reads none again. */
export interface LastWrites {
  /**
   * @param make gives one INSERT, UPDATE or DELETE, which sees nothing of the others; it may ask the database first. Null: there is
   *   nothing to write
   */
  add(make: () => Promise<Sql | null>): void;
}

/**
 * Does the work of a transaction, then writes all that it has left for its end in one statement: an answer and its events cost no
 * more than either.
 */
export async function withLastWrites<T>(
  manager: Queryable,
  work: (lastWrites: LastWrites) => Promise<T>,
): Promise<T> {
  const makes: (() => Promise<Sql | null>)[] = [];
  const result = await work({ add: (make) => void makes.push(make) });
  const writes: Sql[] = [];
  for (const make of makes) {
    const write = await make();
    if (write !== null) writes.push(write);
  }
  if (writes.length > 0) await query(manager, together(writes));
  return result;
}

function together(writes: readonly Sql[]): Sql {
  const [only, ...others] = writes;
  if (only !== undefined && others.length === 0) return only;
  const parts = writes.map((write, index) => sql`${raw(`write_${index + 1}`)} AS (${write})`);
  return sql`WITH ${join(parts, ', ')} SELECT`;
}
