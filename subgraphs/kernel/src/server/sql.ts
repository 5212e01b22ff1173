import type { EntityManager } from 'typeorm';
import type { Sql } from 'sql-template-tag';

/** What can run a statement: a transaction of TypeORM, or whatever stands in for it. */
export type Queryable = Pick<EntityManager, 'query'>;

/**
 * Runs one parameterized statement and gives its rows as the database returns them (snake_case; bigint and numeric as
 * strings, timestamptz as Date, date as string).
 */
export function query<Row>(manager: Queryable, statement: Sql): Promise<Row[]> {
  return manager.query<Row[]>(statement.text, statement.values);
}
