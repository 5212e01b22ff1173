import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { eventReceiver } from '@fulfillment/test/kit/event-receiver';
import { appendEvents } from '@fulfillment/test/kit/append-events';
import { createEmptyDatabase, cloneBus } from '@fulfillment/test/kit/postgres';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from '../bus/bus.js';
import { connectPostgresBus } from '../bus/postgres-bus.js';
import { createDataSource } from '../data-source.js';
import { createLogger } from '../logger.js';
import { migrate } from '../migrate.js';
import { kernelEntities, kernelMigrations } from '../service-tables.js';
import { takeIn, type EventHandlers } from './inbox.js';
import type { EventAppender } from './outbox.js';
import { startRelay } from './relay.js';

const logger = createLogger('test', 'silent');
const database = await createEmptyDatabase();
const busDatabase = await cloneBus();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [...kernelEntities],
  migrations: kernelMigrations,
}).initialize();
await migrate(dataSource);
const bus = await connectPostgresBus({ url: busDatabase.url, logger });
afterAll(async () => {
  await bus.close();
  await dataSource.destroy();
});

beforeEach(async () => {
  await dataSource.query('TRUNCATE outbox, fact_sequence, inbox, inbox_position, inbox_held');
});

const partnerId = randomUUID();

function fact(sequence: number, id: string = randomUUID()): EventEnvelope {
  return {
    id,
    topic: 'subscriptions.partner-invoice-posted',
    kind: 'FACT',
    aggregateId: partnerId,
    sequence,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test-request',
    payload: {
      partnerId,
      invoiceId: randomUUID(),
      invoiceNumber: `US-${sequence}`,
      orderId: null,
      net: { minor: '100', currency: 'USD' },
      postedAt: '2026-11-23T10:00:00.000Z',
    },
  };
}

const grantPayload = {
  subject: { kind: 'PARTNER' as const, id: partnerId },
  object: { kind: 'ORDER' as const, id: randomUUID() },
  from: '2026-01-01T00:00:00.000Z',
  until: null,
};

function snapshot(sequence: number): EventEnvelope {
  return { ...fact(sequence), topic: 'orders.grant', kind: 'SNAPSHOT', payload: grantPayload };
}

/** Handlers that note what was applied. */
function recorder(): { applied: string[]; handlers: EventHandlers<null> } {
  const applied: string[] = [];
  const note = async (_payload: unknown, _work: null, event: EventEnvelope) => {
    applied.push(`${event.topic}:${event.sequence}`);
  };
  return {
    applied,
    handlers: { 'subscriptions.partner-invoice-posted': note, 'orders.grant': note },
  };
}

const deliver = (handlers: EventHandlers<null>, event: unknown) =>
  dataSource.transaction((manager) => takeIn(manager, handlers, null, event));

describe('the inbox', () => {
  it('applies an event once, however often it comes', async () => {
    const { applied, handlers } = recorder();
    const event = snapshot(1);
    await deliver(handlers, event);
    await deliver(handlers, event);
    expect(applied).toEqual(['orders.grant:1']);
  });

  it('ignores a snapshot that is not newer, and does not miss an intermediate one', async () => {
    const { applied, handlers } = recorder();
    for (const sequence of [2, 1, 2, 5, 4]) await deliver(handlers, snapshot(sequence));
    expect(applied).toEqual(['orders.grant:2', 'orders.grant:5']);
  });

  it('leaves nothing behind when the handler fails, so that the delivery can be tried again', async () => {
    const { applied, handlers } = recorder();
    const event = fact(1);
    const failing: EventHandlers<null> = {
      'subscriptions.partner-invoice-posted': () => Promise.reject(new Error('no')),
    };
    await expect(deliver(failing, event)).rejects.toThrow('no');
    await deliver(handlers, event);
    expect(applied).toEqual(['subscriptions.partner-invoice-posted:1']);
  });

  it('refuses an event that breaks its contract', async () => {
    const { handlers } = recorder();
    await expect(deliver(handlers, { ...fact(1), payload: { net: 'free' } })).rejects.toThrow(/partnerId/);
    await expect(deliver(handlers, { hello: 'world' })).rejects.toThrow(/topic/);
  });

  it('applies facts in the order of their numbers, whatever the order and repetition of delivery', async () => {
    const deliveries = fc.integer({ min: 1, max: 6 }).chain((count) => {
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      return fc.record({
        count: fc.constant(count),
        order: fc
          .tuple(
            fc.shuffledSubarray(numbers, { minLength: count }),
            fc.array(fc.constantFrom(...numbers), { maxLength: 6 }),
          )
          .map(([all, again]) => [...all, ...again]),
      });
    });
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ count, order }) => {
        await dataSource.query('TRUNCATE inbox, inbox_position, inbox_held');
        const { applied, handlers } = recorder();
        const events = Array.from({ length: count }, (_, index) => fact(index + 1));
        for (const number of order) await deliver(handlers, events[number - 1]);
        expect(applied).toEqual(events.map((event) => `${event.topic}:${event.sequence}`));
        expect(await dataSource.query('SELECT FROM inbox_held')).toHaveLength(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the outbox', () => {
  it('numbers facts without a gap, also when a transaction rolls back', async () => {
    const payload = fact(1).payload as never;
    const append = (fail: boolean) =>
      appendEvents(dataSource, async (events) => {
        await events.append('subscriptions.partner-invoice-posted', {
          aggregateId: partnerId,
          occurredAt: new Date(),
          payload,
        });
        if (fail) throw new Error('rolled back');
      });
    await append(false);
    await expect(append(true)).rejects.toThrow('rolled back');
    await Promise.all([append(false), append(false), append(false)]);
    const rows = await dataSource.query<{ sequence: number }[]>(
      'SELECT sequence FROM outbox ORDER BY sequence',
    );
    expect(rows.map((row) => row.sequence)).toEqual([1, 2, 3, 4]);
  });

  it('numbers facts in their order also where many are appended at once, between others', async () => {
    const aggregateId = randomUUID();
    const payload = fact(1).payload as never;
    await appendEvents(dataSource, async (events) => {
      const occurredAt = new Date();
      const one = (lane: string) =>
        events.append('subscriptions.partner-invoice-posted', { aggregateId: lane, occurredAt, payload });
      await one(aggregateId);
      await Promise.all([one(aggregateId), one(randomUUID()), one(aggregateId), one(aggregateId)]);
    });
    const rows = await dataSource.query<{ sequence: number }[]>(
      'SELECT sequence FROM outbox WHERE aggregate_id = $1 ORDER BY position',
      [aggregateId],
    );
    expect(rows.map((row) => row.sequence)).toEqual([1, 2, 3, 4]);
  });

  it('counts the versions of an aggregate that counts none itself', async () => {
    const aggregateId = randomUUID();
    const append = () =>
      appendEvents(dataSource, (events) =>
        events.append('orders.grant', {
          aggregateId,
          version: 'NEXT',
          occurredAt: new Date(),
          payload: grantPayload,
        }),
      );
    await append();
    await Promise.all([append(), append()]);
    const rows = await dataSource.query<{ sequence: number; kind: string }[]>(
      'SELECT sequence, kind FROM outbox WHERE aggregate_id = $1 ORDER BY sequence',
      [aggregateId],
    );
    expect(rows).toEqual([1, 2, 3].map((sequence) => ({ sequence, kind: 'SNAPSHOT' })));
  });

  it('refuses to promise a payload that breaks the contract', async () => {
    const broken = { ...grantPayload, from: 'yesterday' };
    const promise = (events: EventAppender) =>
      events.append('orders.grant', {
        aggregateId: 'a',
        version: 1,
        occurredAt: new Date(),
        payload: broken,
      });
    await expect(appendEvents(dataSource, promise)).rejects.toThrow(/from/);
  });

  it('is published to every consumer of the topic, and once more at the most after a crash', async () => {
    const received: string[] = [];
    const consumption = await bus.consume(
      'licenses',
      eventReceiver(async (event) => void received.push((event as EventEnvelope).aggregateId)),
    );
    await appendEvents(dataSource, (events) =>
      events.append('orders.grant', {
        aggregateId: 'grant-1',
        version: 1,
        occurredAt: new Date(),
        payload: grantPayload,
      }),
    );
    const relay = startRelay(dataSource, bus, () => undefined, logger);
    await until(() => received.length > 0);
    await relay.stop();
    await consumption.stop();
    expect(received).toEqual(['grant-1']);
    expect(await dataSource.query('SELECT FROM outbox WHERE published_at IS NULL')).toHaveLength(0);
  });

  it('keeps what could not be published, and publishes it when the bus is back', async () => {
    let failures = 2;
    const published: EventEnvelope[] = [];
    const flaky: Bus = {
      ...bus,
      publish: async (events) => {
        failures -= 1;
        if (failures >= 0) throw new Error('the bus is down');
        published.push(...events);
      },
    };
    const relay = startRelay(dataSource, flaky, () => undefined, logger);
    await appendEvents(dataSource, (events) =>
      events.append('orders.grant', {
        aggregateId: 'grant-2',
        version: 1,
        occurredAt: new Date(),
        payload: grantPayload,
      }),
    );
    relay.wake();
    await until(() => published.length > 0);
    await relay.stop();
    expect(published.map((event) => event.aggregateId)).toEqual(['grant-2']);
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It did not happen in time');
    await sleep(10);
  }
}
