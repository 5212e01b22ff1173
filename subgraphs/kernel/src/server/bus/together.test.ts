import { randomUUID } from 'node:crypto';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { eventReceiver } from '@fulfillment/test/kit/event-receiver';
import { cloneBus } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../logger.js';
import type { Receiver } from './bus.js';
import { connectPostgresBus } from './postgres-bus.js';

const database = await cloneBus();
const bus = await connectPostgresBus({ url: database.url, logger: createLogger('test', 'silent') });
const client = new pg.Client({ connectionString: database.url });
await client.connect();
afterAll(async () => {
  await bus.close();
  await client.end();
});
beforeEach(async () => {
  await client.query('TRUNCATE graphile_worker._private_jobs');
});

const patience = { timeout: 8_000 };

function usage(topic = 'licenses.seat-usage'): EventEnvelope {
  return {
    id: randomUUID(),
    topic,
    kind: 'SNAPSHOT',
    aggregateId: randomUUID(),
    sequence: 1,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test-request',
    payload: { any: 'thing' },
  };
}

const usages = (count: number) => Array.from({ length: count }, () => usage());
const idsOf = (events: readonly unknown[]) => events.map((event) => (event as EventEnvelope).id);

/** Notes what comes together and what comes by itself; what is poison can be taken in neither way. */
function noting(poison: readonly EventEnvelope[] = []) {
  const groups: string[][] = [];
  const alone: string[] = [];
  const refuse = (ids: readonly string[]) => {
    if (poison.some(({ id }) => ids.includes(id))) throw new Error('cannot take it');
  };
  const receiver: Receiver = {
    ...eventReceiver(async (event) => {
      refuse(idsOf([event]));
      alone.push(...idsOf([event]));
    }),
    deliverTogether: async (events) => {
      refuse(idsOf(events));
      groups.push(idsOf(events));
    },
  };
  return { groups, alone, receiver };
}

const openJobs = async () => (await client.query('SELECT key FROM graphile_worker.jobs')).rows;

it('delivers together what is published together, in the order in which it was told, and counts each', async () => {
  const all = usages(150);
  await bus.publish(all);
  expect(await bus.backlog('subscriptions')).toMatchObject({ waiting: 150, retrying: 0, dead: 0 });
  const { groups, alone, receiver } = noting();
  const consumption = await bus.consume('subscriptions', receiver);
  await expect.poll(openJobs, patience).toEqual([]);
  await consumption.stop();
  expect(groups).toHaveLength(2);
  expect(groups.toSorted((left, right) => right.length - left.length).flat()).toEqual(idsOf(all));
  expect(alone).toEqual([]);
});

it('delivers by itself what is published by itself, and what is of another topic', async () => {
  const [one, account] = [usage(), usage('orders.account')];
  await bus.publish([one, account]);
  const { groups, alone, receiver } = noting();
  const consumption = await bus.consume('subscriptions', receiver);
  await expect.poll(() => alone.toSorted(), patience).toEqual(idsOf([one, account]).toSorted());
  await consumption.stop();
  expect(groups).toEqual([]);
});

it('sets aside alone what cannot be taken in of a group, retries it and sends it again', async () => {
  const [first, poison, last] = [usage(), usage(), usage()];
  await bus.publish([first, poison, last]);
  const { groups, alone, receiver } = noting([poison]);
  const consumption = await bus.consume('subscriptions', receiver);
  await expect.poll(() => alone.toSorted(), patience).toEqual(idsOf([first, last]).toSorted());
  await expect
    .poll(() => bus.backlog('subscriptions'), patience)
    .toMatchObject({ waiting: 1, retrying: 1, dead: 0 });
  await consumption.stop();
  expect(groups).toEqual([]);
  const { rows } = await client.query('SELECT key, attempts, max_attempts FROM graphile_worker.jobs');
  expect(rows).toEqual([{ key: `${poison.id}:subscriptions`, attempts: 1, max_attempts: 12 }]);
  const failed = await bus.failed.list({ first: 10 }, 'FAILED_AT', {});
  expect(failed.edges.map(({ node }) => node)).toMatchObject([
    { eventId: poison.id, consumer: 'subscriptions', attempts: 1, reason: 'cannot take it' },
  ]);

  await bus.redeliver([poison], 'subscriptions');
  const mended = noting();
  const again = await bus.consume('subscriptions', mended.receiver);
  await expect.poll(() => mended.alone, patience).toEqual([poison.id]);
  await again.stop();
});

it('delivers by itself each event of a group over which a process ended', async () => {
  const all = usages(3);
  await bus.publish(all);
  // What a killed process leaves: a locked job, and a lease whose session lock nobody holds.
  await client.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'dead-pool', attempts = 1`,
  );
  await client.query("INSERT INTO worker_lease VALUES ('dead-pool', 42)");
  const { groups, alone, receiver } = noting();
  const consumption = await bus.consume('subscriptions', receiver);
  await expect.poll(() => alone.toSorted(), patience).toEqual(idsOf(all).toSorted());
  await expect.poll(openJobs, patience).toEqual([]);
  await consumption.stop();
  expect(groups).toEqual([]);
});

it('tells the consumer alone that something is there for it', async () => {
  const heard: string[] = [];
  client.on('notification', ({ channel }) => heard.push(channel));
  await client.query(
    'LISTEN fulfillment_deliveries_subscriptions; LISTEN fulfillment_deliveries_orders; LISTEN "jobs:insert"',
  );
  await bus.publish([...usages(20), usage('orders.account')]);
  await client.query('UNLISTEN *');
  expect(heard).toEqual(['fulfillment_deliveries_subscriptions']);
});
