import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { serviceDataSource } from '@fulfillment/kernel/server/service';
import { consumers, type Topic } from '@fulfillment/schema/events/topics';
import { expect, test } from 'vitest';
import { cloneDatabase } from '../../../../test/kit/postgres.js';
import { ordersDefinition } from '../definition.js';

const database = await cloneDatabase(ordersDefinition);

test('the entities fit what the migrations make', async () => {
  const dataSource = await serviceDataSource(ordersDefinition, database.url).initialize();
  try {
    expect(await schemaDrift(dataSource)).toEqual([]);
  } finally {
    await dataSource.destroy();
  }
});

test('every topic that orders consumes has its handler, and no other', () => {
  const consumed = (Object.keys(consumers) as Topic[]).filter((topic) => consumers[topic].includes('orders'));
  expect(Object.keys(ordersDefinition.handlers).toSorted()).toEqual(consumed.toSorted());
});
