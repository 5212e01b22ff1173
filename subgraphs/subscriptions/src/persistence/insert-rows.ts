import type { EntityManager } from 'typeorm';

/**
 * Adds rows to a table with one statement and one parameter, however many there are.
 * @param table a name from our own code, never input
 * @param rows with a property for every column
 */
export async function insertRows<Row extends object>(
  manager: EntityManager,
  table: string,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  await manager.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}
