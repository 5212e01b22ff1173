import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import { eventReceiver } from '@fulfillment/test/kit/event-receiver';
import { cloneBus } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
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

/** Consumes events alone. */
const consume = (consumer: ServiceName, deliver: Receiver['deliver']) =>
  bus.consume(consumer, eventReceiver(deliver));

function event(topic = 'orders.product'): EventEnvelope {
  return {
    id: randomUUID(),
    topic,
    kind: 'SNAPSHOT',
    aggregateId: 'PREMIUM',
    sequence: 1,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test-request',
    payload: { any: 'thing' },
  };
}

it('delivers to each consumer of a topic, and to no other', async () => {
  const one = event('licenses.deployment');
  await bus.publish([one]);
  const { rows } = await client.query('SELECT task_identifier FROM graphile_worker.jobs WHERE key LIKE $1', [
    `${one.id}:%`,
  ]);
  expect(rows).toEqual([{ task_identifier: 'orders' }]);
});

it('keeps one delivery of an event that is published again before it was delivered', async () => {
  const one = event();
  await bus.publish([one]);
  await bus.publish([one]);
  const { rows } = await client.query('SELECT FROM graphile_worker.jobs WHERE key LIKE $1', [`${one.id}:%`]);
  expect(rows).toHaveLength(1);
});

it('keeps what is published while its consumer is down, retries what fails, and tells why', async () => {
  const one = event();
  await bus.publish([one]);
  let attempts = 0;
  const consumption = await consume('licenses', async (delivered) => {
    if ((delivered as EventEnvelope).id !== one.id) return;
    attempts += 1;
    throw new Error('cannot take it');
  });
  await until(async () => attempts > 0);
  await consumption.stop();
  const { rows } = await client.query(
    `SELECT attempts, max_attempts, last_error, run_at > now() AS later
     FROM graphile_worker.jobs WHERE key = $1`,
    [`${one.id}:licenses`],
  );
  expect(rows).toEqual([
    { attempts: 1, max_attempts: 12, last_error: expect.stringContaining('cannot take it'), later: true },
  ]);
});

it('frees the deliveries of a process that was killed', async () => {
  const one = event();
  await bus.publish([one]);
  // What a killed process leaves: a locked job, and a lease whose session lock nobody holds.
  await client.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'dead-pool', attempts = 1
     WHERE key = $1`,
    [`${one.id}:licenses`],
  );
  await client.query("INSERT INTO worker_lease VALUES ('dead-pool', 42)");
  const received: string[] = [];
  const consumption = await consume('licenses', async (delivered) => {
    received.push((delivered as EventEnvelope).id);
  });
  await until(async () => received.includes(one.id));
  await consumption.stop();
  const { rows } = await client.query("SELECT FROM worker_lease WHERE pool_id = 'dead-pool'");
  expect(rows).toHaveLength(0);
});

it('locks deliveries by the very id that the lease names', async () => {
  const one = event('licenses.deployment');
  let locked: unknown;
  const consumption = await consume('orders', async (delivered) => {
    if ((delivered as EventEnvelope).id !== one.id) return;
    const { rows } = await client.query(
      `SELECT EXISTS (SELECT FROM worker_lease WHERE pool_id = job.locked_by) AS leased
       FROM graphile_worker._private_jobs AS job WHERE key = $1`,
      [`${one.id}:orders`],
    );
    locked = rows;
  });
  await bus.publish([one]);
  await until(async () => locked !== undefined);
  await consumption.stop();
  expect(locked).toEqual([{ leased: true }]);
});

it('takes its lease again when its connection is lost', async () => {
  const consumption = await consume('licenses', async () => undefined);
  // The workers of what is copied, and those of what is handed on.
  const leases = async () =>
    (await client.query<{ pool_id: string }>('SELECT pool_id FROM worker_lease ORDER BY pool_id')).rows;
  await until(async () => (await leases()).length === 2);
  const before = await leases();
  const holders = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 7263 AND objsubid = 2`;
  const { rows } = await client.query<{ pid: number }>(holders);
  for (const { pid } of rows) await client.query('SELECT pg_terminate_backend($1)', [pid]);
  await until(async () => {
    const now = await client.query<{ pid: number }>(holders);
    return now.rows.length === 1 && now.rows[0]?.pid !== rows[0]?.pid;
  });
  await until(async () => (await leases()).length === 2);
  expect(await leases()).toEqual(before);
  await consumption.stop();
  expect(await leases()).toEqual([]);
});

it(
  'delivers again after its workers could not look for anything when they began',
  { timeout: 30_000 },
  async () => {
    const one = event('orders.grant');
    await client.query('ALTER TABLE graphile_worker._private_tasks RENAME TO away');
    const delivered: string[] = [];
    const consumption = await consume('partners', async (envelope) => {
      delivered.push((envelope as EventEnvelope).id);
    });
    await sleep(300);
    await client.query('ALTER TABLE graphile_worker.away RENAME TO _private_tasks');
    await bus.publish([one]);
    await expect.poll(() => delivered, { timeout: 20_000 }).toContain(one.id);
    await consumption.stop();
  },
);

it('leaves the deliveries of a living process alone', async () => {
  const one = event('orders.account');
  let started = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const living = await consume('subscriptions', async (delivered) => {
    if ((delivered as EventEnvelope).id !== one.id) return;
    started += 1;
    await finished;
  });
  await bus.publish([one]);
  await until(async () => started === 1);
  const other = await connectPostgresBus({ url: database.url, logger: createLogger('test', 'silent') });
  const second = await other.consume(
    'subscriptions',
    eventReceiver(async () => void (started += 1)),
  );
  await sleep(500);
  expect(started).toBe(1);
  finish();
  await second.stop();
  await other.close();
  await living.stop();
});

it('delivers at once what comes right after another', async () => {
  const received = new Map<string, number>();
  const consumption = await consume('licenses', async (delivered) => {
    received.set((delivered as EventEnvelope).id, performance.now());
  });
  const waits: number[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const [one, other] = [event(), event()];
    await bus.publish([one]);
    const publishedAt = performance.now();
    await bus.publish([other]);
    await until(async () => received.has(other.id));
    waits.push((received.get(other.id) ?? Infinity) - publishedAt);
  }
  await consumption.stop();
  // Where it had to be looked for, each would take seconds.
  expect(waits.toSorted((left, right) => left - right)[10]).toBeLessThan(1_000);
});

it('hands on one delivery of a topic at a time, which holds up no other topic', async () => {
  const notices = Array.from({ length: 4 }, () => event('licenses.usage-notice'));
  const [atOnce, handedOn, others]: [number[], string[], string[]] = [[], [], []];
  let underWay = 0;
  let goOn: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (goOn = resolve));
  const consumption = await consume('licenses', async (delivered) => {
    const { id, topic } = delivered as EventEnvelope;
    if (topic !== 'licenses.usage-notice') return void others.push(id);
    underWay += 1;
    atOnce.push(underWay);
    await told;
    await sleep(100);
    underWay -= 1;
    handedOn.push(id);
  });
  await bus.publish(notices);
  await until(async () => underWay === 1);
  const other = event();
  await bus.publish([other]);
  await until(async () => others.includes(other.id));
  expect(handedOn).toEqual([]);
  goOn();
  const startedAt = performance.now();
  await until(async () => handedOn.length === notices.length);
  // Nobody tells of the end of the one before: it is looked for.
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  await consumption.stop();
  expect(atOnce).toEqual([1, 1, 1, 1]);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('It did not happen in time');
    await sleep(10);
  }
}
