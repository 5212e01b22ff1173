import { schemaDrift } from '@fulfillment/kernel/server/migrate';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { partnersDefinition } from '../definition.js';

const database = await cloneDatabase(partnersDefinition);
const { dataSource } = await openUnitOfWork(partnersDefinition, database.url);

test('the migrations make exactly the tables that the entities describe', async () => {
  expect(await schemaDrift(dataSource)).toEqual([]);
});

test('what was told of partners before is told once more, with where to write to them', async () => {
  const done = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id DESC');
  const later = done.findIndex(({ name }) => name.startsWith('PartnersToldAgain'));
  for (let undone = 0; undone <= later; undone += 1) await dataSource.undoLastMigration();
  const [id, eventId] = [randomUUID(), randomUUID()];
  await dataSource.query(
    `INSERT INTO partner VALUES ($1, 'Old Ltd', 'RESELLER', 'sales@old.example', gen_random_uuid(), NULL, 'UTC', now(), 1)`,
    [id],
  );
  await dataSource.query(
    `INSERT INTO outbox (id, topic, kind, aggregate_id, sequence, occurred_at, request_id, payload, published_at)
     VALUES ($2, 'partners.partner', 'SNAPSHOT', $1, 1, now(), 'x', jsonb_build_object('id', $1::text, 'name', 'Old Ltd'), now()),
            (gen_random_uuid(), 'partners.grant', 'SNAPSHOT', $1, 1, now(), 'x', '{}', now())`,
    [id, eventId],
  );
  await dataSource.runMigrations();
  expect(await dataSource.query('SELECT id, payload FROM outbox WHERE published_at IS NULL')).toEqual([
    { id: eventId, payload: { id, name: 'Old Ltd', contactEmail: 'sales@old.example' } },
  ]);
});
