import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { RebuildProgress } from '../bus/board.js';
import { createDataSource } from '../data-source.js';
import { migrate } from '../migrate.js';
import { kernelEntities, kernelMigrations } from '../service-tables.js';
import { takeIn, type EventHandlers } from './inbox.js';
import { countTopic, pagesOfTopic } from './outbox-reads.js';
import { emptyTable } from './projections.js';
import { beginRebuild, expectArrivals, reportRebuilds } from './rebuild.js';

const database = await createEmptyDatabase();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [...kernelEntities],
  migrations: kernelMigrations,
}).initialize();
await migrate(dataSource);
await dataSource.query('CREATE TABLE copy (topic text, aggregate_id text, sequence integer)');
afterAll(() => dataSource.destroy());

beforeEach(async () => {
  await dataSource.query(
    'TRUNCATE outbox, inbox, inbox_position, inbox_held, projection_rebuild, rebuild_arrival, copy',
  );
});

const factTopic = 'subscriptions.partner-invoice-posted';
const snapshotTopic = 'orders.grant';
const [aggregateA, aggregateB] = [randomUUID(), randomUUID()];

const invoicePosted = {
  partnerId: aggregateA,
  invoiceId: aggregateA,
  invoiceNumber: 'US-1',
  orderId: null,
  net: { minor: '100', currency: 'USD' },
  postedAt: '2026-11-23T10:00:00.000Z',
};

const grant = {
  subject: { kind: 'PARTNER' as const, id: aggregateA },
  object: { kind: 'ORDER' as const, id: aggregateB },
  from: '2026-01-01T00:00:00.000Z',
  until: null,
};

function event(kind: EventEnvelope['kind'], aggregateId: string, sequence: number): EventEnvelope {
  return {
    id: randomUUID(),
    topic: kind === 'FACT' ? factTopic : snapshotTopic,
    kind,
    aggregateId,
    sequence,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test-request',
    payload: kind === 'FACT' ? invoicePosted : grant,
  };
}

const keep = async (
  _payload: unknown,
  manager: EntityManager,
  { topic, aggregateId, sequence }: EventEnvelope,
) => {
  await manager.query('INSERT INTO copy VALUES ($1, $2, $3)', [topic, aggregateId, sequence]);
};
const handlers: EventHandlers<EntityManager> = { [factTopic]: keep, [snapshotTopic]: keep };

const deliver = (delivered: EventEnvelope) =>
  dataSource.transaction((manager) => takeIn(manager, handlers, manager, delivered));
const begin = (id: string, topic: typeof factTopic | typeof snapshotTopic) =>
  dataSource.transaction((manager) => beginRebuild(manager, { id, topic }, emptyTable('copy')));

async function copied(): Promise<number[]> {
  const rows = await dataSource.query<{ sequence: number }[]>('SELECT sequence FROM copy');
  return rows.map((row) => row.sequence);
}

async function report(): Promise<RebuildProgress[]> {
  const told: RebuildProgress[] = [];
  await reportRebuilds(dataSource, { reportRebuild: async (progress) => void told.push(progress) });
  return told;
}

describe('a rebuild', () => {
  it('of facts applies all of them in order again, also those that come by themselves meanwhile', async () => {
    const facts = [1, 2, 3, 4].map((number) => event('FACT', aggregateA, number));
    for (const fact of facts.slice(0, 3)) await deliver(fact);
    const id = randomUUID();
    await begin(id, factTopic);
    expect(await copied()).toEqual([]);
    await deliver(facts[3] as EventEnvelope);
    expect(await copied()).toEqual([]);
    for (const fact of facts.slice(0, 3).toReversed()) await deliver({ ...fact, rebuildId: id });
    expect(await copied()).toEqual([1, 2, 3, 4]);
  });

  it('is done when as many have arrived as the producer has sent, whatever comes twice', async () => {
    const snapshots = [event('SNAPSHOT', aggregateA, 3), event('SNAPSHOT', aggregateB, 7)];
    const id = randomUUID();
    await begin(id, snapshotTopic);
    expect(await report()).toEqual([{ id, state: 'RUNNING', expected: null, received: 0 }]);
    await expectArrivals(dataSource.manager, { rebuildId: id, expected: 1, complete: false });
    await deliver({ ...(snapshots[0] as EventEnvelope), rebuildId: id });
    await deliver({ ...(snapshots[0] as EventEnvelope), rebuildId: id });
    expect(await report()).toEqual([{ id, state: 'RUNNING', expected: 1, received: 1 }]);
    await expectArrivals(dataSource.manager, { rebuildId: id, expected: 2, complete: true });
    await expectArrivals(dataSource.manager, { rebuildId: id, expected: 1, complete: false });
    expect(await report()).toEqual([{ id, state: 'RUNNING', expected: 2, received: 1 }]);
    // A newer one came by itself before: there is nothing to take in, and it has arrived all the same.
    await deliver(event('SNAPSHOT', aggregateB, 8));
    await deliver({ ...(snapshots[1] as EventEnvelope), rebuildId: id });
    expect(await report()).toEqual([{ id, state: 'DONE', expected: 2, received: 2 }]);
    expect(await report()).toEqual([]);
    expect(await copied()).toEqual([3, 8]);
  });

  it('begins once, and gives way to another one, for which nothing that was sent to it counts', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const snapshot = event('SNAPSHOT', aggregateA, 1);
    await begin(first, snapshotTopic);
    await deliver({ ...snapshot, rebuildId: first });
    await begin(first, snapshotTopic);
    expect(await copied()).toEqual([1]);
    await begin(second, snapshotTopic);
    expect(await copied()).toEqual([]);
    await deliver({ ...snapshot, rebuildId: first });
    expect(await report()).toEqual([{ id: second, state: 'RUNNING', expected: null, received: 0 }]);
  });

  it('waits for what is being taken in, so that nothing of it is left', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const slow: EventHandlers<EntityManager> = {
      [factTopic]: async (payload, manager, fact) => {
        await finished;
        await keep(payload, manager, fact);
      },
    };
    const taking = dataSource.transaction((manager) =>
      takeIn(manager, slow, manager, event('FACT', aggregateA, 1)),
    );
    await sleep(50);
    const beginning = begin(randomUUID(), factTopic);
    await sleep(50);
    finish();
    await Promise.all([taking, beginning]);
    expect(await copied()).toEqual([]);
    expect(await dataSource.query('SELECT FROM inbox_position')).toEqual([]);
  });
});

describe('what is sent for a rebuild', () => {
  it.each([
    [
      'SNAPSHOT',
      snapshotTopic,
      [
        [aggregateA, 2],
        [aggregateB, 3],
      ],
    ],
    [
      'FACT',
      factTopic,
      [
        [aggregateA, 1],
        [aggregateA, 2],
        [aggregateB, 1],
        [aggregateB, 2],
        [aggregateB, 3],
      ],
    ],
  ] as const)(
    'of a %s is all that makes up the copy, in pages of any size',
    async (kind, topic, expected) => {
      const told = [1, 2].map((number) => event(kind, aggregateA, number));
      told.push(...[3, 2, 1].map((number) => event(kind, aggregateB, number)));
      for (const { id, aggregateId, sequence, payload } of told) {
        await dataSource.query(
          `INSERT INTO outbox (id, topic, kind, aggregate_id, sequence, occurred_at, request_id, payload)
         VALUES ($1, $2, $3, $4, $5, now(), 'test', $6)`,
          [id, topic, kind, aggregateId, sequence, JSON.stringify(payload)],
        );
      }
      const inOrder = expected.toSorted(([a, m], [b, n]) => (a === b ? m - n : a < b ? -1 : 1));
      for (const size of [1, 2, 100]) {
        const sent: EventEnvelope[] = [];
        for await (const page of pagesOfTopic(dataSource.manager, topic, size)) sent.push(...page);
        expect(sent.map(({ aggregateId, sequence }) => [aggregateId, sequence])).toEqual(inOrder);
      }
      expect(await countTopic(dataSource.manager, topic)).toBe(expected.length);
    },
  );
});
