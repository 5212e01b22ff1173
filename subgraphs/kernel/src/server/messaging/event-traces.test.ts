import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import { startTracing } from '@fulfillment/telemetry/tracing';
import { eventReceiver } from '@fulfillment/test/kit/event-receiver';
import { appendEvents } from '@fulfillment/test/kit/append-events';
import { cloneBus, createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import pg from 'pg';
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { Bus } from '../bus/bus.js';
import { connectPostgresBus } from '../bus/postgres-bus.js';
import { createDataSource } from '../data-source.js';
import { createLogger } from '../logger.js';
import { migrate } from '../migrate.js';
import { inRequestScope } from '../request-scope.js';
import { kernelEntities, kernelMigrations } from '../service-tables.js';
import { takeIn } from './inbox.js';
import { outboxBacklog } from './outbox-reads.js';
import { startRelay } from './relay.js';
import { redeliver, sendTopic } from './send-again.js';

const logger = createLogger('test', 'silent');
const database = await createEmptyDatabase();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [...kernelEntities],
  migrations: kernelMigrations,
}).initialize();
await migrate(dataSource);
const busDatabase = await cloneBus();
const bus = await connectPostgresBus({ url: busDatabase.url, logger });
const tracing = await startTracing({ service: 'test', samples: () => false });
afterAll(async () => {
  await bus.close();
  await dataSource.destroy();
});
beforeEach(() => dataSource.query('TRUNCATE outbox, fact_sequence, inbox, inbox_position, inbox_held'));

const patience = { timeout: 10_000 };
const topic = 'orders.grant';
const traceParent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

function append(aggregateId: string): Promise<void> {
  return appendEvents(dataSource, (events) =>
    events.append(topic, {
      aggregateId,
      version: 1,
      occurredAt: new Date('2020-01-01T00:00:00Z'),
      payload: {
        subject: { kind: 'PARTNER', id: randomUUID() },
        object: { kind: 'ORDER', id: randomUUID() },
        from: '2026-01-01T00:00:00.000Z',
        until: null,
      },
    }),
  );
}

async function appendTraced(aggregateId: string): Promise<void> {
  const trace = tracing.begin('request', 'server', parseTraceParent(traceParent));
  await inRequestScope({ trace }, () => append(aggregateId));
}

/** A bus that keeps what it is handed over. */
function recordingBus(): { readonly sent: EventEnvelope[]; readonly recording: Bus } {
  const sent: EventEnvelope[] = [];
  const keep = async (events: readonly EventEnvelope[]) => void sent.push(...events);
  return { sent, recording: { ...bus, publish: keep, redeliver: keep, command: async () => undefined } };
}

const placesOf = (events: readonly EventEnvelope[]) =>
  Object.fromEntries(events.map((event) => [event.aggregateId, event.traceParent]));

it('an event carries the trace in which it was appended, recorded or not; one of no trace carries none', async () => {
  await appendTraced('traced');
  await append('untraced');
  const { sent, recording } = recordingBus();
  const relay = startRelay(dataSource, recording, () => undefined, logger);
  await expect.poll(() => sent, patience).toHaveLength(2);
  await relay.stop();
  expect(placesOf(sent)).toEqual({ traced: traceParent, untraced: undefined });
});

it('an event that is sent again is of its old trace; what a rebuild sends is of none', async () => {
  await appendTraced('traced');
  const { sent, recording } = recordingBus();
  const range = { by: 'RANGE', topic, aggregateId: null, from: null, until: null } as const;
  const events = { ...range, fromSequence: null, toSequence: null };
  await redeliver(dataSource, recording, { kind: 'REDELIVER', id: randomUUID(), consumer: null, events });
  expect(placesOf(sent.splice(0))).toEqual({ traced: traceParent });
  const rebuildId = randomUUID();
  await sendTopic(dataSource, recording, { kind: 'SEND_TOPIC', rebuildId, topic, consumer: 'licenses' });
  expect(sent).toEqual([expect.objectContaining({ aggregateId: 'traced', rebuildId })]);
  expect(sent[0]).not.toHaveProperty('traceParent');
});

it('a fact that was held is applied as a part of its own trace; a trace that cannot be read hinders nothing', async () => {
  const partnerId = randomUUID();
  const fact = (sequence: number, more: object = {}): EventEnvelope => ({
    id: randomUUID(),
    topic: 'subscriptions.partner-invoice-posted',
    kind: 'FACT',
    aggregateId: partnerId,
    sequence,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test',
    payload: {
      partnerId,
      invoiceId: randomUUID(),
      invoiceNumber: `US-${sequence}`,
      orderId: null,
      net: { minor: '100', currency: 'USD' },
      postedAt: '2026-11-23T10:00:00.000Z',
    },
    ...more,
  });
  const applied: number[] = [];
  const asTheirOwn: unknown[] = [];
  const handlers = {
    'subscriptions.partner-invoice-posted': async (_payload: unknown, _work: null, event: EventEnvelope) =>
      void applied.push(event.sequence),
  };
  for (const delivered of [fact(2, { traceParent }), fact(1, { traceParent: 'nonsense' })]) {
    await dataSource.transaction((manager) =>
      takeIn(manager, handlers, null, delivered, async (event, handled) => {
        asTheirOwn.push([event.sequence, event.traceParent]);
        await handled();
      }),
    );
  }
  expect(applied).toEqual([1, 2]);
  expect(asTheirOwn).toEqual([[2, traceParent]]);
});

it('the age of the outbox counts from when an event was promised, not from when it happened', async () => {
  expect(await outboxBacklog(dataSource.manager)).toEqual({ waiting: 0, ageSeconds: 0 });
  await append('waits');
  await sleep(50);
  const { waiting, ageSeconds } = await outboxBacklog(dataSource.manager);
  expect(waiting).toBe(1);
  expect(ageSeconds).toBeGreaterThan(0.04);
  expect(ageSeconds).toBeLessThan(60);
});

it('the bus tells how far behind a consumer is: what waits, what failed, and what was given up', async () => {
  expect(await bus.backlog('licenses')).toEqual({ waiting: 0, ageSeconds: 0, retrying: 0, dead: 0 });
  await append('delivered');
  const { sent, recording } = recordingBus();
  const relay = startRelay(dataSource, recording, () => undefined, logger);
  await expect.poll(() => sent, patience).toHaveLength(1);
  await relay.stop();
  await bus.publish(sent);
  await sleep(20);
  const waiting = await bus.backlog('licenses');
  expect(waiting).toMatchObject({ waiting: 1, retrying: 0, dead: 0 });
  expect(waiting.ageSeconds).toBeGreaterThan(0.01);

  const consumption = await bus.consume(
    'licenses',
    eventReceiver(() => Promise.reject(new Error('no'))),
  );
  await expect
    .poll(() => bus.backlog('licenses'), patience)
    .toMatchObject({ waiting: 1, retrying: 1, dead: 0 });
  await consumption.stop();
  const pool = new pg.Pool({ connectionString: busDatabase.url, max: 1 });
  await pool.query('UPDATE graphile_worker._private_jobs SET attempts = max_attempts');
  await pool.end();
  expect(await bus.backlog('licenses')).toEqual({ waiting: 0, ageSeconds: 0, retrying: 0, dead: 1 });
  expect(await bus.backlog('orders')).toMatchObject({ waiting: 0 });
});
