import { consumers, type Topic } from '@fulfillment/schema/events/topics';
import { handledTopics } from '@fulfillment/kernel/server/service';
import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { expect, test } from 'vitest';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { licensesDefinition } from '../src/definition.js';

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

test('every topic that licenses consumes has a handler', () => {
  const consumed = (Object.keys(consumers) as Topic[]).filter((topic) =>
    consumers[topic].includes('licenses'),
  );
  expect(handledTopics(licensesDefinition).toSorted()).toEqual(consumed.toSorted());
});
