import { randomUUID } from 'node:crypto';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createDataSource } from '../data-source.js';
import { migrate } from '../migrate.js';
import { kernelEntities, kernelMigrations } from '../service-tables.js';
import { type EventHandlers, takeIn } from './inbox.js';
import { takeInTogether, type TogetherHandlers } from './inbox-together.js';

const database = await createEmptyDatabase();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [...kernelEntities],
  migrations: kernelMigrations,
}).initialize();
await migrate(dataSource);
afterAll(() => dataSource.destroy());
beforeEach(() => dataSource.query('TRUNCATE inbox, inbox_position, rebuild_arrival, projection_rebuild'));

const topic = 'orders.grant';

function snapshot(aggregateId: string, sequence: number, id: string = randomUUID()): EventEnvelope {
  return {
    id,
    topic,
    kind: 'SNAPSHOT',
    aggregateId,
    sequence,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test-request',
    payload: {
      subject: { kind: 'PARTNER', id: randomUUID() },
      object: { kind: 'ORDER', id: randomUUID() },
      from: '2026-01-01T00:00:00.000Z',
      until: null,
    },
  };
}

/** A projection that keeps what it was told last, and how its handlers were called. */
function projection() {
  const state = new Map<string, number>();
  const calls: number[] = [];
  const keep = ({ aggregateId, sequence }: EventEnvelope) => state.set(aggregateId, sequence);
  const handlers: EventHandlers<null> = { [topic]: async (_payload, _work, event) => void keep(event) };
  const together: TogetherHandlers<null> = {
    [topic]: async (told) => {
      calls.push(told.length);
      for (const { event } of told) keep(event);
    },
  };
  return { state, calls, handlers, together };
}

const positions = (manager: EntityManager) =>
  manager.query('SELECT topic, aggregate_id, sequence FROM inbox_position ORDER BY aggregate_id');

it('leaves what deliveries one by one would leave, however events are grouped, repeated and late', async () => {
  const told = fc.record({
    aggregateId: fc.constantFrom('a', 'b', 'c'),
    sequence: fc.integer({ min: 1, max: 6 }),
  });
  const groups = fc.array(fc.array(told, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(groups, async (given) => {
      const ids = new Map<string, string>();
      const idOf = (key: string) => ids.get(key) ?? ids.set(key, randomUUID()).get(key);
      const delivered = given.map((group) =>
        group.map(({ aggregateId, sequence }) =>
          snapshot(aggregateId, sequence, idOf(`${aggregateId} ${sequence}`)),
        ),
      );
      const outcomes = [];
      for (const way of ['TOGETHER', 'ONE BY ONE'] as const) {
        await dataSource.query('TRUNCATE inbox, inbox_position');
        const { state, handlers, together } = projection();
        for (const group of delivered) {
          await dataSource.transaction(async (manager) => {
            if (way === 'TOGETHER') await takeInTogether(manager, { handlers, together }, null, group);
            else for (const event of group) await takeIn(manager, handlers, null, event);
          });
        }
        const known = await dataSource.query('SELECT event_id, topic FROM inbox ORDER BY event_id');
        outcomes.push({
          state,
          positions: await positions(dataSource.manager),
          known,
        });
      }
      expect(outcomes[0]).toEqual(outcomes[1]);
    }),
    { numRuns: 40 },
  );
});

it('calls the handler once, with all that are newer, the older ones of an aggregate first', async () => {
  const { calls, state, handlers, together } = projection();
  const take = (events: readonly EventEnvelope[]) =>
    dataSource.transaction((manager) => takeInTogether(manager, { handlers, together }, null, events));
  const first = [snapshot('a', 1), snapshot('a', 3), snapshot('b', 2), snapshot('a', 2)];
  const changed = await take(first);
  expect(changed.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  await take([...first, snapshot('c', 1)]);
  await take(first);
  expect(calls).toEqual([4, 1]);
  expect([...state]).toEqual([
    ['a', 3],
    ['b', 2],
    ['c', 1],
  ]);
});

it('handles one after the other what no handler takes together', async () => {
  const { state, handlers } = projection();
  await dataSource.transaction((manager) =>
    takeInTogether(manager, { handlers }, null, [snapshot('a', 1), snapshot('b', 4)]),
  );
  expect([...state]).toEqual([
    ['a', 1],
    ['b', 4],
  ]);
});

it('takes in none of them where one breaks its contract, or they are not of one kind', async () => {
  const { calls, handlers, together } = projection();
  const take = (events: readonly unknown[]) =>
    dataSource.transaction((manager) => takeInTogether(manager, { handlers, together }, null, events));
  await expect(take([snapshot('a', 1), { ...snapshot('b', 1), payload: {} }])).rejects.toThrow(/subject/);
  await expect(take([snapshot('a', 1), { hello: 'world' }])).rejects.toThrow(/topic/);
  await expect(take([snapshot('a', 1), { ...snapshot('b', 1), topic: 'partners.grant' }])).rejects.toThrow(
    /one topic/,
  );
  await expect(take([{ ...snapshot('a', 1), kind: 'FACT' }])).rejects.toThrow(/snapshots/);
  expect(calls).toEqual([]);
  expect(await positions(dataSource.manager)).toEqual([]);
  expect(await dataSource.query('SELECT FROM inbox')).toEqual([]);
});

it('counts what was sent for a rebuild', async () => {
  const rebuildId = randomUUID();
  await dataSource.query('INSERT INTO projection_rebuild (id, topic) VALUES ($1, $2)', [rebuildId, topic]);
  const { handlers } = projection();
  const sent = [snapshot('a', 1), snapshot('b', 1)].map((event) => ({ ...event, rebuildId }));
  await dataSource.transaction((manager) => takeInTogether(manager, { handlers }, null, sent));
  const arrived = await dataSource.query('SELECT aggregate_id FROM rebuild_arrival ORDER BY aggregate_id');
  expect(arrived).toEqual([{ aggregate_id: 'a' }, { aggregate_id: 'b' }]);
});
