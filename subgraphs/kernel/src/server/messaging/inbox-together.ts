import { eventEnvelope, type EventEnvelope } from '@fulfillment/schema/events/envelope';
import { topics, type Topic } from '@fulfillment/schema/events/topics';
import type { EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import { query } from '../sql.js';
import { asChange, type ChangingEvent } from './changes.js';
import { countArrival, type EventHandlers, handle } from './inbox.js';
import type { PayloadOf } from './outbox.js';
import { topicLock } from './topic-lock.js';

/** A snapshot to take in, and the event that carries it. */
export interface Told<Payload> {
  readonly payload: Payload;
  readonly event: EventEnvelope;
}

/**
 * What a service does with several snapshots of a topic at once, of each aggregate the older ones first; without it, they are handled
 * in turn.
 */
export type TogetherHandlers<Work> = {
  readonly [T in Topic]?: (told: readonly Told<PayloadOf<T>>[], work: Work) => Promise<void>;
};

/** What a service does with events. */
interface AllHandlers<Work> {
  readonly handlers: EventHandlers<Work>;
  readonly together?: TogetherHandlers<Work>;
}

/**
 * Takes delivered snapshots of one topic in, inside the caller's transaction, in one statement and one call of the handler: all that
 * are newer than what was taken in before of their aggregate, as if they had come one by one in their order. (What is kept of the
 * older ones may be about something else: the use of a term that is over by the newest.) Ids that came before change nothing.
 * @returns the events, whether they were new or not
 * @throws when one breaks its contract or the handler throws, or they are not snapshots of one topic: each is to be taken in by itself
 */
export async function takeInTogether<Work>(
  manager: EntityManager,
  handlers: AllHandlers<Work>,
  work: Work,
  delivered: readonly unknown[],
): Promise<ChangingEvent[]> {
  const events = delivered.map((one) => eventEnvelope.parse(one));
  const topic = topicOf(events);
  const newer = await recordSnapshots(manager, topic, events);
  for (const event of events) {
    if (event.rebuildId !== undefined) await countArrival(manager, event, event.rebuildId);
  }
  if (newer.length > 0) await handleTogether(handlers, work, topic, newer);
  return events.map(asChange);
}

function topicOf(events: readonly EventEnvelope[]): Topic {
  const [topic, ...others] = new Set(events.map((event) => event.topic));
  if (topic === undefined || others.length > 0 || events.some(({ kind }) => kind !== 'SNAPSHOT')) {
    throw new Error('Only snapshots of one topic are taken in together');
  }
  return topic as Topic;
}

/**
 * Records snapshots as they are recorded one by one, in one order, whoever does it at the same moment.
 * @returns those by which their aggregate has come further, in their order
 */
async function recordSnapshots(
  manager: EntityManager,
  topic: Topic,
  events: readonly EventEnvelope[],
): Promise<EventEnvelope[]> {
  const given = events.map(({ id, aggregateId, sequence }) => ({ id, aggregate_id: aggregateId, sequence }));
  const advancing = await query<{ id: string }>(
    manager,
    sql`WITH given AS (
          SELECT * FROM jsonb_to_recordset(${JSON.stringify(given)}) AS given (id uuid, aggregate_id text, sequence integer)
        ), before AS (
          SELECT aggregate_id, sequence FROM inbox_position
          WHERE topic = ${topic} AND aggregate_id IN (SELECT aggregate_id FROM given)
        ), once AS (
          INSERT INTO inbox (event_id, topic)
          SELECT id, ${topic} FROM pg_advisory_xact_lock_shared(${topicLock}, hashtext(${topic})), given ORDER BY id
          ON CONFLICT DO NOTHING RETURNING event_id
        ), advanced AS (
          INSERT INTO inbox_position AS position (topic, aggregate_id, sequence)
          SELECT ${topic}, aggregate_id, max(sequence) FROM given JOIN once ON once.event_id = given.id
          GROUP BY aggregate_id ORDER BY aggregate_id
          ON CONFLICT (topic, aggregate_id) DO UPDATE SET sequence = excluded.sequence
          WHERE position.sequence < excluded.sequence
          RETURNING aggregate_id
        )
        SELECT given.id FROM given JOIN once ON once.event_id = given.id JOIN advanced USING (aggregate_id)
        LEFT JOIN before USING (aggregate_id)
        WHERE before.sequence IS NULL OR before.sequence < given.sequence`,
  );
  const ids = new Set(advancing.map(({ id }) => id));
  const found = new Map(
    events
      .filter(({ id }) => ids.has(id))
      .map((event) => [`${event.aggregateId} ${event.sequence}`, event] as const),
  );
  return [...found.values()].toSorted((left, right) => left.sequence - right.sequence);
}

async function handleTogether<Work>(
  { handlers, together = {} }: AllHandlers<Work>,
  work: Work,
  topic: Topic,
  events: readonly EventEnvelope[],
): Promise<void> {
  const handler = together[topic] as
    ((told: readonly Told<unknown>[], work: Work) => Promise<void>) | undefined;
  if (handler === undefined) {
    for (const event of events) await handle(handlers, work, event);
    return;
  }
  const contract = topics[topic].payload;
  await handler(
    events.map((event) => ({ payload: contract.parse(event.payload), event })),
    work,
  );
}
