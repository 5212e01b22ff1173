import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import { afterAll, expect, test } from 'vitest';
import { createDataSource } from '../data-source.js';
import { migrate, schemaDrift } from '../migrate.js';
import { kernelEntities, kernelMigrations } from '../service-tables.js';

const database = await createEmptyDatabase();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [...kernelEntities],
  migrations: kernelMigrations,
}).initialize();
await migrate(dataSource);
afterAll(() => dataSource.destroy());

test('the migrations make exactly the tables that the entities describe', async () => {
  expect(await schemaDrift(dataSource)).toEqual([]);
});
