import type { EntityManager } from 'typeorm';
import sql, { raw, type Sql } from 'sql-template-tag';

/** What can run a statement: a transaction of TypeORM, or whatever stands in for it. */
export type Queryable = Pick<EntityManager, 'query'>;

/**
 * Runs one parameterized statement and gives its rows as the database returns them (snake_case; bigint and numeric as
 * strings, timestamptz as Date, date as string).
 */
export function query<Row>(manager: Queryable, statement: Sql): Promise<Row[]> {
  return manager.query<Row[]>(statement.text, statement.values);
}

/**
 * True where a column of type uuid is one of these. One id is asked for by itself: what a statement over a list costs depends on
 * how long the list is, so that PostgreSQL plans it anew each time.
 * @param column its name as written in the query, trusted text from our own code
 */
export function isOneOf(column: string, ids: readonly string[]): Sql {
  const [first, ...others] = ids;
  return first !== undefined && others.length === 0
    ? sql`${raw(column)} = ${first}::uuid`
    : sql`${raw(column)} = ANY(${[...ids]}::uuid[])`;
}

/**
 * A JSON array of the rows of a statement, each an object under the names of its columns, in their order; empty where there are none.
 * To name the columns in the statement costs less than to build each object of names and values.
 */
export function jsonRows(rows: Sql): Sql {
  return sql`to_json(ARRAY(SELECT one FROM (${rows}) AS one))`;
}

/**
 * True, as a part of a WHERE; its transaction's commit does not wait for the disk. For what is done again where a crash of the database
 * loses it, with the same outcome, and for nothing that anybody was promised.
 */
export const commitLosable = sql`set_config('synchronous_commit', 'off', true) IS NOT NULL`;
