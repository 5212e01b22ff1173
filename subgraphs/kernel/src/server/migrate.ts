import type { DataSource } from 'typeorm';

/** Any constant: it names the lock that keeps two starting replicas from migrating at once. */
const migrationLock = 7_263_541;

/** Brings the database up to the newest migration; waits while another replica does. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await dataSource.runMigrations();
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    await runner.release();
  }
}

/** The statements that would still be needed to make the database fit the entities; empty when nothing drifts. */
export async function schemaDrift(dataSource: DataSource): Promise<string[]> {
  const sql = await dataSource.driver.createSchemaBuilder().log();
  return sql.upQueries.map((statement) => statement.query);
}
