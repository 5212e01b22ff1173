import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { eventReceiver } from '@fulfillment/test/kit/event-receiver';
import { cloneBus } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import { afterAll, expect, inject, it } from 'vitest';
import { createLogger } from '../logger.js';
import { connectPostgresBus } from './postgres-bus.js';

const database = await cloneBus();
const bus = await connectPostgresBus({ url: database.url, logger: createLogger('test', 'silent') });
const admin = new pg.Client({ connectionString: inject('postgres').adminUrl });
await admin.connect();
afterAll(async () => {
  await bus.close();
  await admin.end();
});

const name = new URL(database.url).pathname.slice(1);

/** Ends every connection to the bus, as a restart of PostgreSQL does. */
const terminate = () =>
  admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);

const events = (count: number): EventEnvelope[] =>
  Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    topic: 'licenses.deployment',
    kind: 'SNAPSHOT',
    aggregateId: String(index),
    sequence: 1,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test-request',
    payload: {},
  }));

it('delivers on after its connections were lost in the middle of deliveries, again and again', async () => {
  const all = events(60);
  const received = new Set<string>();
  await bus.publish(all);
  const consumption = await bus.consume(
    'orders',
    eventReceiver(async (delivered) => {
      await sleep(20);
      received.add((delivered as EventEnvelope).id);
    }),
  );
  for (let times = 0; times < 5; times += 1) {
    await sleep(60);
    await terminate();
  }
  await expect.poll(() => received.size, { timeout: 15_000 }).toBe(all.length);
  await expect.poll(openJobs, { timeout: 15_000 }).toBe(0);
  await consumption.stop();
});

it('delivers on after the database was away for a while', async () => {
  const received = new Set<string>();
  const consumption = await bus.consume(
    'orders',
    eventReceiver(async (delivered) => {
      await sleep(20);
      received.add((delivered as EventEnvelope).id);
    }),
  );
  const before = events(20);
  await bus.publish(before);
  await expect.poll(() => received.size).toBeGreaterThan(0);
  await admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
  await terminate();
  await sleep(1_500);
  await admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
  const after = events(5);
  await expect
    .poll(() =>
      bus.publish(after).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await expect.poll(() => received.size, { timeout: 20_000 }).toBe(before.length + after.length);
  await expect.poll(openJobs, { timeout: 20_000 }).toBe(0);
  await consumption.stop();
});

async function openJobs(): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rowCount } = await client.query('SELECT FROM graphile_worker.jobs');
  await client.end();
  return rowCount ?? 0;
}
