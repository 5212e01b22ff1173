import { randomBytes } from 'node:crypto';
import { databaseNames, ensureDatabases, type DatabaseName } from '@fulfillment/local/databases';
import { withConnection } from '@fulfillment/local/postgres/administration';
import { startTemporaryPostgres } from '@fulfillment/local/postgres/temporary';
import type { TestProject } from 'vitest/node';

/** The PostgreSQL of a test run, as every test file finds it by `inject('postgres')`. */
export interface TestServer {
  /** The superuser's URL. */
  readonly adminUrl: string;
  /** By database, the URL with which its own role opens the template that test files clone. */
  readonly templates: Readonly<Record<DatabaseName, string>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer;
  }
}

/** Starts one PostgreSQL for the whole run, with an empty template for each service and the bus; stops it at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTemporaryPostgres();
  const password = randomBytes(12).toString('hex');
  const templates = await ensureDatabases(server.url, {
    services: databaseNames,
    passwords: Object.fromEntries(databaseNames.map((name) => [name, password])) as Record<
      DatabaseName,
      string
    >,
  });
  await withConnection(server.url, (client) =>
    client.query('CREATE TABLE migrated_template (name text PRIMARY KEY)'),
  );
  project.provide('postgres', { adminUrl: server.url, templates });
  return () => server.stop('immediate');
}
