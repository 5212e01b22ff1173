import { localDate } from '@fulfillment/kernel/domain/calendar';
import { populationBatches } from '@fulfillment/kernel/population/population';
import { copyRows } from '@fulfillment/kernel/server/copy';
import { topics, type Topic } from '@fulfillment/schema/events/topics';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import pg from 'pg';
import { expect, test } from 'vitest';
import { ordersDefinition } from './definition.js';
import { createSeeder } from './seed.js';

const database = await cloneDatabase(ordersDefinition);
const { transaction } = await openUnitOfWork(ordersDefinition, database.url);
const today = '2026-11-23';

test('the population’s accounts and orders fit their tables and contracts', async () => {
  const seeder = createSeeder({ today });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const orderIds: string[] = [];
  try {
    await client.query('BEGIN');
    for (const batch of populationBatches({ accounts: 200, today: localDate(today) })) {
      const { rows, events } = seeder.own(batch, []);
      for (const { topic, payload } of events) topics[topic as Topic].payload.parse(payload);
      orderIds.push(
        ...events.flatMap((event) => (event.topic === 'orders.order' ? [event.aggregateId] : [])),
      );
      for (const table of rows) await copyRows(client, table);
    }
    for (const statement of seeder.finish()) await client.query(statement);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  expect(orderIds.length).toBeGreaterThan(150);

  await transaction(async ({ orders }) => {
    for (const id of orderIds) {
      const order = await orders.lock(id);
      const lines = order?.lines.reduce(
        (total, { amount, tax }) => total + amount.minor + tax.amount.minor,
        0n,
      );
      expect(order?.total.minor).toBe(lines);
    }
    expect(await orders.nextNumber()).toBe(BigInt(orderIds.length + 1));
  });
});
