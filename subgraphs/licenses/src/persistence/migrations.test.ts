import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { licensesDefinition } from '../definition.js';

const { url } = await cloneDatabase(licensesDefinition);
const { dataSource } = await openUnitOfWork(licensesDefinition, url);

test('the migrations make exactly the tables that the entities describe', async () => {
  expect(await schemaDrift(dataSource)).toEqual([]);
});

test('the last migration can be taken back and made again', async () => {
  await dataSource.undoLastMigration();
  expect(await dataSource.runMigrations()).toHaveLength(1);
  expect(await schemaDrift(dataSource)).toEqual([]);
});
