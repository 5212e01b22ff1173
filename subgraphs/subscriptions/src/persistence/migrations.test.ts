import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { subscriptionsDefinition } from '../definition.js';

const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource } = await openUnitOfWork(subscriptionsDefinition, database.url);

test('the migrations make exactly the tables that the entities describe', async () => {
  expect(await schemaDrift(dataSource)).toEqual([]);
});

test('the migrations can be taken back, the last one first, and made again', async () => {
  for (const _ of Object.keys(subscriptionsDefinition.migrations)) await dataSource.undoLastMigration();
  const [{ count }] = await dataSource.query<[{ count: string }]>(
    `SELECT count(*) FROM pg_proc JOIN pg_namespace AS space ON space.oid = pronamespace
     WHERE nspname = 'public'`,
  );
  expect(count).toBe('0');
  await dataSource.runMigrations();
  expect(await schemaDrift(dataSource)).toEqual([]);
});
