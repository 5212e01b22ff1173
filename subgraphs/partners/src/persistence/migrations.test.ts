import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { partnersDefinition } from '../definition.js';

const database = await cloneDatabase(partnersDefinition);
const { dataSource } = await openUnitOfWork(partnersDefinition, database.url);

test('the migrations make exactly the tables that the entities describe', async () => {
  expect(await schemaDrift(dataSource)).toEqual([]);
});
