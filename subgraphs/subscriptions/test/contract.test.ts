import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { handledTopics } from '@fulfillment/kernel/server/service';
import { consumers, type Topic } from '@fulfillment/schema/events/topics';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { subscriptionHeadEntity, subscriptionVersionEntity } from '../src/persistence/entities.js';

const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource } = await openUnitOfWork(subscriptionsDefinition, database.url);

test('the migrations make exactly the tables that the entities describe', async () => {
  expect(await schemaDrift(dataSource)).toEqual([]);
});

test('every event that is sent here has a handler', () => {
  const sent = Object.entries(consumers).flatMap(([topic, to]) =>
    to.includes('subscriptions') ? [topic] : [],
  );
  expect(handledTopics(subscriptionsDefinition).toSorted()).toEqual((sent as Topic[]).toSorted());
});

test('a head holds every column of a version', () => {
  const columns = (entity: typeof subscriptionHeadEntity) => Object.keys(entity.options.columns).toSorted();
  expect(columns(subscriptionHeadEntity)).toEqual(columns(subscriptionVersionEntity));
});

test('the migration can be undone', async () => {
  await dataSource.undoLastMigration();
  const [{ count }] = await dataSource.query<[{ count: string }]>(
    `SELECT count(*) FROM pg_proc JOIN pg_namespace AS space ON space.oid = pronamespace
     WHERE nspname = 'public'`,
  );
  expect(count).toBe('0');
  await dataSource.runMigrations();
  expect(await schemaDrift(dataSource)).toEqual([]);
});
