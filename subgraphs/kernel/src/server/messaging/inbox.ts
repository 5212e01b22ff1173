import { eventEnvelope, type EventEnvelope } from '@fulfillment/schema/events/envelope';
import { topics, type Topic } from '@fulfillment/schema/events/topics';
import type { EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import { query } from '../sql.js';
import { asChange, type ChangingEvent } from './changes.js';
import type { PayloadOf } from './outbox.js';
import { topicLock } from './topic-lock.js';

/** What a service does with each topic that it consumes; `Work` is its unit of work, inside the inbox's transaction. */
export type EventHandlers<Work> = {
  readonly [T in Topic]?: (payload: PayloadOf<T>, work: Work, event: EventEnvelope) => Promise<void>;
};

/**
 * What a service does with a delivery before its transaction begins: to call somebody outside, who may hang. It may be done again for
 * the same event, and must change nothing then.
 */
export type HandOn<Work> = {
  readonly [T in Topic]?: (payload: PayloadOf<T>, run: RunUnit<Work>, event: EventEnvelope) => Promise<void>;
};

/** Runs work in a transaction of its own. */
type RunUnit<Work> = <T>(work: (unit: Work) => Promise<T>) => Promise<T>;

/**
 * Hands a delivered event on, outside of any transaction; nothing where the service does not hand on its topic.
 * @throws when the envelope or payload breaks its contract or it was not taken: the delivery is retried by the bus
 */
export async function handOn<Work>(
  handers: HandOn<Work>,
  run: RunUnit<Work>,
  delivered: unknown,
): Promise<void> {
  const event = eventEnvelope.parse(delivered);
  const topic = event.topic as Topic;
  const hand = handers[topic] as
    ((payload: unknown, run: RunUnit<Work>, event: EventEnvelope) => Promise<void>) | undefined;
  await hand?.(topics[topic].payload.parse(event.payload), run, event);
}

/** Does what is done for a fact that was held. */
export type HandleHeld = (event: EventEnvelope, handled: () => Promise<void>) => Promise<void>;

/**
 * Takes one delivered event in, inside the caller's transaction. The same id twice, an older snapshot or a fact that
 * was applied already change nothing. A fact that comes before its predecessor is held and applied right after it.
 * @returns the event, whether it was new or not. Facts that were held for it are about the same aggregate
 * @param asItsOwn does what is done for a fact that was held as a part of its own trace, not of the delivery's
 * @throws when the envelope or payload breaks its contract or the handler throws: the delivery is retried by the bus
 */
export async function takeIn<Work>(
  manager: EntityManager,
  handlers: EventHandlers<Work>,
  work: Work,
  delivered: unknown,
  asItsOwn: HandleHeld = (_event, handled) => handled(),
): Promise<ChangingEvent> {
  const event = eventEnvelope.parse(delivered);
  await takeInEvent(manager, handlers, work, event, asItsOwn);
  return asChange(event);
}

async function takeInEvent<Work>(
  manager: EntityManager,
  handlers: EventHandlers<Work>,
  work: Work,
  event: EventEnvelope,
  asItsOwn: HandleHeld,
): Promise<void> {
  if (event.kind === 'SNAPSHOT') {
    const isNewer = await recordSnapshot(manager, event);
    if (event.rebuildId !== undefined) await countArrival(manager, event, event.rebuildId);
    if (isNewer) await handle(handlers, work, event);
    return;
  }
  const isNew = await recordOnce(manager, event);
  if (event.rebuildId !== undefined) await countArrival(manager, event, event.rebuildId);
  if (!isNew) return;
  const last = await lockFactPosition(manager, event);
  if (event.sequence > last + 1) {
    await hold(manager, event);
  } else if (event.sequence === last + 1) {
    await applyWithFollowers(manager, handlers, work, event, asItsOwn);
  }
}

/** Calls the handler of an event that is new. */
export async function handle<Work>(
  handlers: EventHandlers<Work>,
  work: Work,
  event: EventEnvelope,
): Promise<void> {
  const topic = event.topic as Topic;
  const handler = handlers[topic] as
    ((payload: unknown, work: Work, event: EventEnvelope) => Promise<void>) | undefined;
  if (!handler) throw new Error(`No handler for events of ${event.topic}`);
  await handler(topics[topic].payload.parse(event.payload), work, event);
}

async function recordOnce(manager: EntityManager, event: EventEnvelope): Promise<boolean> {
  const rows = await query(manager, insertOnce(event));
  return rows.length > 0;
}

/**
 * Records a snapshot and how far its aggregate has come by it.
 * @returns true when it is new, and newer than those before
 */
async function recordSnapshot(manager: EntityManager, event: EventEnvelope): Promise<boolean> {
  const rows = await query(
    manager,
    sql`WITH once AS (${insertOnce(event)})
        INSERT INTO inbox_position AS position (topic, aggregate_id, sequence)
        SELECT ${event.topic}, ${event.aggregateId}, ${event.sequence}::int FROM once
        ON CONFLICT (topic, aggregate_id) DO UPDATE SET sequence = excluded.sequence
        WHERE position.sequence < excluded.sequence
        RETURNING sequence`,
  );
  return rows.length > 0;
}

/** Gives a row when it is new. Waits while the topic's projection is being emptied: what was taken in before that is gone with it. */
function insertOnce({ id, topic }: EventEnvelope): Sql {
  return sql`
    INSERT INTO inbox (event_id, topic)
    SELECT ${id}::uuid, ${topic} FROM pg_advisory_xact_lock_shared(${topicLock}, hashtext(${topic}))
    ON CONFLICT DO NOTHING RETURNING event_id`;
}

/** A rebuild counts aggregates of snapshots, and each fact; what comes twice counts once, whatever was new about it. */
export async function countArrival(
  manager: EntityManager,
  event: EventEnvelope,
  rebuildId: string,
): Promise<void> {
  await query(
    manager,
    sql`INSERT INTO rebuild_arrival (rebuild_id, aggregate_id, sequence)
        SELECT id, ${event.aggregateId}, ${event.kind === 'FACT' ? event.sequence : 0}::int
        FROM projection_rebuild WHERE id = ${rebuildId} ON CONFLICT DO NOTHING`,
  );
}

async function lockFactPosition(manager: EntityManager, event: EventEnvelope): Promise<number> {
  await query(
    manager,
    sql`INSERT INTO inbox_position (topic, aggregate_id, sequence) VALUES (${event.topic}, ${event.aggregateId}, 0)
        ON CONFLICT DO NOTHING`,
  );
  const [row] = await query<{ sequence: number }>(
    manager,
    sql`SELECT sequence FROM inbox_position
        WHERE topic = ${event.topic} AND aggregate_id = ${event.aggregateId} FOR UPDATE`,
  );
  return row?.sequence ?? 0;
}

async function hold(manager: EntityManager, event: EventEnvelope): Promise<void> {
  await query(
    manager,
    sql`INSERT INTO inbox_held (topic, aggregate_id, sequence, envelope)
        VALUES (${event.topic}, ${event.aggregateId}, ${event.sequence}, ${JSON.stringify(event)})
        ON CONFLICT DO NOTHING`,
  );
}

async function applyWithFollowers<Work>(
  manager: EntityManager,
  handlers: EventHandlers<Work>,
  work: Work,
  first: EventEnvelope,
  asItsOwn: HandleHeld,
): Promise<void> {
  for (let next: EventEnvelope | undefined = first; next; next = await releaseHeld(manager, next)) {
    const event = next;
    if (event === first) await handle(handlers, work, event);
    else await asItsOwn(event, () => handle(handlers, work, event));
    await query(
      manager,
      sql`UPDATE inbox_position SET sequence = ${next.sequence}
          WHERE topic = ${next.topic} AND aggregate_id = ${next.aggregateId}`,
    );
  }
}

async function releaseHeld(manager: EntityManager, after: EventEnvelope): Promise<EventEnvelope | undefined> {
  const [rows] = await manager.query<[{ envelope: EventEnvelope }[], number]>(
    `DELETE FROM inbox_held WHERE topic = $1 AND aggregate_id = $2 AND sequence = $3 RETURNING envelope`,
    [after.topic, after.aggregateId, after.sequence + 1],
  );
  return rows[0]?.envelope;
}

/** How many facts wait for their predecessor. */
export async function countHeld(manager: EntityManager): Promise<number> {
  const [row] = await query<{ count: number }>(manager, sql`SELECT count(*)::int AS count FROM inbox_held`);
  return row?.count ?? 0;
}
