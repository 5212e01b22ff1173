import { setTimeout as sleep } from 'node:timers/promises';
import { connectPostgresBus } from '@fulfillment/kernel/server/bus/postgres-bus';
import { createLogger } from '@fulfillment/kernel/server/logger';
import { migrate } from '@fulfillment/kernel/server/migrate';
import type { ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import { serviceDataSource } from '@fulfillment/kernel/server/service-tables';
import type { DatabaseName } from '@fulfillment/local/databases';
import { withConnection } from '@fulfillment/local/postgres/administration';
import { cloneDatabase as cloneTemplate, type ClonedDatabase } from '@fulfillment/local/postgres/template';
import { afterAll, inject } from 'vitest';

/** A test file's own database, opened by the role that owns it in production too. */
export interface TestDatabase {
  readonly url: string;
}

/**
 * A clone of a service's migrated template for the calling test file: call it at the top of the file. It is dropped
 * when the file is done, and the file fails when a connection to it is still open then.
 */
export async function cloneDatabase<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
): Promise<TestDatabase> {
  return clone(definition.name, async (url) => {
    const dataSource = serviceDataSource(definition, url);
    await dataSource.initialize();
    try {
      await migrate(dataSource);
    } finally {
      await dataSource.destroy();
    }
  });
}

/** As `cloneDatabase`, for the bus. */
export async function cloneBus(): Promise<TestDatabase> {
  return clone('bus', async (url) => {
    const bus = await connectPostgresBus({ url, logger: createLogger('bus', 'silent') });
    await bus.close();
  });
}

/** A database with nothing in it, for tests of what every service has: see the caller for what it migrates. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const { adminUrl, templates } = inject('postgres');
  const copy = await cloneTemplate(adminUrl, { template: 'template0', owner: 'orders' });
  return registerDatabase(adminUrl, copy, templates.orders);
}

/** Any constant: test files that run at the same moment make or copy templates one after the other. */
const templateLock = 4_006_001;

async function clone(
  name: DatabaseName,
  migrateTemplate: (url: string) => Promise<void>,
): Promise<TestDatabase> {
  const { adminUrl, templates } = inject('postgres');
  const copy = await withConnection(adminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const { rowCount } = await client.query('SELECT FROM migrated_template WHERE name = $1', [name]);
    if (rowCount === 0) {
      await migrateTemplate(templates[name]);
      await client.query('INSERT INTO migrated_template VALUES ($1)', [name]);
    }
    return cloneTemplate(adminUrl, { template: name, owner: name });
  });
  return registerDatabase(adminUrl, copy, templates[name]);
}

/** Sees to it that the database goes with the test file; the owner's URL of its template becomes that of the copy. */
function registerDatabase(adminUrl: string, copy: ClonedDatabase, ownerUrl: string): TestDatabase {
  afterAll(async () => {
    const leaked = await openConnections(adminUrl, copy.name);
    await copy.drop();
    if (leaked.length > 0) {
      throw new Error(`This test file leaks connections to ${copy.name}:\n${leaked.join('\n')}`);
    }
  });
  const url = new URL(ownerUrl);
  url.pathname = `/${copy.name}`;
  return { url: url.toString() };
}

/** What is still connected, in words; a connection that was just closed gets a moment to go. */
async function openConnections(adminUrl: string, database: string): Promise<string[]> {
  return withConnection(adminUrl, async (client) => {
    for (let attempt = 0; ; attempt += 1) {
      const { rows } = await client.query<{ connection: string }>(
        `SELECT concat(application_name, ' (', state, '): ', left(query, 200)) AS connection
         FROM pg_stat_activity WHERE datname = $1`,
        [database],
      );
      if (rows.length === 0 || attempt === 20) return rows.map((row) => row.connection);
      await sleep(50);
    }
  });
}
