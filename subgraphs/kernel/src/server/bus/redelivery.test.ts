import { randomUUID } from 'node:crypto';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import { eventReceiver } from '@fulfillment/test/kit/event-receiver';
import { cloneBus } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../logger.js';
import type { Consumption, Receiver } from './bus.js';
import type { FailedDelivery, FailedDeliveryConditions } from '@fulfillment/schema/events/deliveries';
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

/** Consumed by orders alone. */
function deploymentTold(): EventEnvelope {
  return {
    id: randomUUID(),
    topic: 'licenses.deployment',
    kind: 'SNAPSHOT',
    aggregateId: randomUUID(),
    sequence: 3,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test-request',
    payload: { name: 'Resale', terms: [1, 2] },
  };
}

const consume = (consumer: ServiceName, deliver: Receiver['deliver']) =>
  bus.consume(consumer, eventReceiver(deliver));

/** Publishes events and has them fail; as dead letters at their first try when `lastTry` is set. */
async function fail(events: readonly EventEnvelope[], lastTry: boolean): Promise<void> {
  await bus.publish(events);
  if (lastTry) await client.query('UPDATE graphile_worker._private_jobs SET max_attempts = 1');
  const consumption = await consume('orders', async (delivered) => {
    throw new Error(`cannot take ${(delivered as EventEnvelope).aggregateId}`);
  });
  await expect.poll(async () => (await listFailed()).length).toBe(events.length);
  await consumption.stop();
}

async function listFailed(conditions: FailedDeliveryConditions = {}): Promise<readonly FailedDelivery[]> {
  return (await bus.failed.list({}, 'FAILED_AT_DESC', conditions)).nodes;
}

/** Consumes until it is stopped, and notes which events came, as often as they come. */
async function receive(consumer: ServiceName): Promise<Consumption & { readonly received: string[] }> {
  const received: string[] = [];
  const consumption = await consume(consumer, async (delivered) => {
    received.push((delivered as EventEnvelope).id);
  });
  return { ...consumption, received };
}

describe('failed deliveries', () => {
  it('tell what failed, why and when, and that it is tried again', async () => {
    const event = deploymentTold();
    const before = Date.now();
    await fail([event], false);
    const [failed] = await listFailed();
    expect(failed).toMatchObject({
      eventId: event.id,
      topic: 'licenses.deployment',
      aggregateId: event.aggregateId,
      sequence: 3,
      consumer: 'orders',
      attempts: 1,
      attemptLimit: 12,
      reason: `cannot take ${event.aggregateId}`,
      occurredAt: new Date('2026-11-23T10:00:00.000Z'),
    });
    expect(JSON.parse(failed?.payload ?? '')).toEqual({ name: 'Resale', terms: [1, 2] });
    expect(failed?.failedAt.getTime()).toBeGreaterThan(before - 1_000);
    expect(failed?.failedAt.getTime()).toBeLessThanOrEqual(Date.now() + 1);
    expect(failed?.retriedAt?.getTime()).toBeGreaterThan(failed?.failedAt.getTime() ?? 0);
  });

  it('are dead letters after their last try', async () => {
    await fail([deploymentTold()], true);
    expect(await listFailed()).toMatchObject([{ attempts: 1, attemptLimit: 1, retriedAt: null }]);
  });

  it('are found by consumer, producer, topic and time', async () => {
    await fail([deploymentTold()], true);
    const [failed] = await listFailed();
    const at = failed?.failedAt ?? new Date(0);
    const after = new Date(at.getTime() + 1);
    for (const found of [
      { consumer: 'orders' },
      { producer: 'licenses' },
      { topic: 'licenses.deployment' },
      { since: at },
    ]) {
      expect(await listFailed(found as FailedDeliveryConditions)).toHaveLength(1);
    }
    for (const none of [
      { consumer: 'licenses' },
      { producer: 'orders' },
      { topic: 'orders.grant' },
      { since: after },
    ]) {
      expect(await listFailed(none as FailedDeliveryConditions)).toHaveLength(0);
    }
  });

  it('are paged in both directions', async () => {
    await fail([deploymentTold(), deploymentTold(), deploymentTold()], true);
    const all = await listFailed();
    const first = await bus.failed.list({ first: 2 }, 'FAILED_AT_DESC', {});
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = await bus.failed.list({ first: 2, after: first.pageInfo.endCursor }, 'FAILED_AT_DESC', {});
    expect([...first.nodes, ...rest.nodes]).toEqual(all);
    const last = await bus.failed.list({ last: 1 }, 'FAILED_AT', {});
    expect(last.nodes).toEqual(all.slice(0, 1));
  });

  it('show an event that ended the process at its last try, for which nobody could give a reason', async () => {
    await bus.publish([deploymentTold()]);
    await client.query('UPDATE graphile_worker._private_jobs SET attempts = max_attempts');
    expect(await listFailed()).toMatchObject([{ attempts: 12, reason: null, retriedAt: null }]);
  });

  it('do not show what was never tried', async () => {
    await bus.publish([deploymentTold()]);
    expect(await listFailed()).toEqual([]);
  });
});

describe('redelivery', () => {
  it('sets a dead letter going again, with all its tries, and leaves no trace of it', async () => {
    const event = deploymentTold();
    await fail([event], true);
    await bus.redeliver([event], null);
    const { rows } = await client.query(
      'SELECT attempts, max_attempts, last_error FROM graphile_worker.jobs',
    );
    expect(rows).toEqual([{ attempts: 0, max_attempts: 12, last_error: null }]);
    const orders = await receive('orders');
    await expect.poll(() => orders.received).toEqual([event.id]);
    await orders.stop();
    expect(await listFailed()).toEqual([]);
  });

  it('brings what was delivered long ago once more, to one consumer or all', async () => {
    const event = { ...deploymentTold(), topic: 'orders.grant' };
    const consumers = { licenses: await receive('licenses'), partners: await receive('partners') };
    await bus.publish([event]);
    await expect.poll(() => consumers.licenses.received).toEqual([event.id]);
    await expect.poll(() => consumers.partners.received).toEqual([event.id]);
    await bus.redeliver([event], 'licenses');
    await expect.poll(() => consumers.licenses.received).toEqual([event.id, event.id]);
    await bus.redeliver([event], null);
    await expect.poll(() => consumers.licenses.received).toHaveLength(3);
    await expect.poll(() => consumers.partners.received).toEqual([event.id, event.id]);
    await Promise.all(Object.values(consumers).map((consumer) => consumer.stop()));
  });

  it('of what is being worked on delivers it again, and what fails then can be sent again too', async () => {
    const event = deploymentTold();
    let deliveries = 0;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const consumption = await consume('orders', async () => {
      deliveries += 1;
      if (deliveries > 1) return;
      await finished;
      throw new Error('the first one fails after all');
    });
    await bus.publish([event]);
    await expect.poll(() => deliveries).toBe(1);
    await bus.redeliver([event], 'orders');
    await expect.poll(() => deliveries).toBe(2);
    finish();
    await expect.poll(async () => (await listFailed()).length).toBe(1);
    await bus.redeliver([event], 'orders');
    await expect.poll(() => deliveries).toBe(3);
    await consumption.stop();
    expect(await listFailed()).toEqual([]);
  });

  it('sends nothing to who does not listen', async () => {
    await bus.redeliver([deploymentTold()], 'licenses');
    const { rows } = await client.query('SELECT FROM graphile_worker.jobs');
    expect(rows).toHaveLength(0);
  });
});
