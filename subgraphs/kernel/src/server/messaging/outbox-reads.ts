import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { topics, type Topic } from '@fulfillment/schema/events/topics';
import type { EventSelection } from '@fulfillment/schema/events/commands';
import type { EntityManager } from 'typeorm';
import sql, { raw } from 'sql-template-tag';
import { query } from '../sql.js';
import type { OutboxBacklog } from '../telemetry/levels.js';
import { allOf } from '../visibility/visibility.js';

/** A row of the outbox as the database gives it. */
export interface OutboxRecord {
  id: string;
  topic: string;
  kind: EventEnvelope['kind'];
  aggregate_id: string;
  sequence: number;
  occurred_at: Date;
  request_id: string;
  trace_parent: string | null;
  payload: unknown;
}

export const outboxColumns = raw(
  'id, topic, kind, aggregate_id, sequence, occurred_at, request_id, trace_parent, payload',
);

export function toEnvelope(row: OutboxRecord): EventEnvelope {
  return {
    id: row.id,
    topic: row.topic,
    kind: row.kind,
    aggregateId: row.aggregate_id,
    sequence: row.sequence,
    occurredAt: row.occurred_at.toISOString(),
    requestId: row.request_id,
    ...(row.trace_parent === null ? {} : { traceParent: row.trace_parent }),
    payload: row.payload,
  };
}

/** The events that are meant, in the order in which they were promised; no more than `limit` of them. */
export async function selectEvents(
  manager: EntityManager,
  selection: EventSelection,
  limit: number,
): Promise<EventEnvelope[]> {
  const rows = await query<OutboxRecord>(
    manager,
    sql`SELECT ${outboxColumns} FROM outbox WHERE ${conditionOf(selection)} ORDER BY position LIMIT ${limit}`,
  );
  return rows.map(toEnvelope);
}

function conditionOf(selection: EventSelection) {
  if (selection.by === 'IDS') return sql`id = ANY(${selection.ids}::uuid[])`;
  const { topic, aggregateId, from, until, fromSequence, toSequence } = selection;
  return allOf([
    sql`topic = ${topic}`,
    ...(aggregateId === null ? [] : [sql`aggregate_id = ${aggregateId}`]),
    ...(from === null ? [] : [sql`occurred_at >= ${from}`]),
    ...(until === null ? [] : [sql`occurred_at < ${until}`]),
    ...(fromSequence === null ? [] : [sql`sequence >= ${fromSequence}`]),
    ...(toSequence === null ? [] : [sql`sequence <= ${toSequence}`]),
  ]);
}

/** How many events `pagesOfTopic` will give, as far as the database can tell now. */
export async function countTopic(manager: EntityManager, topic: Topic): Promise<number> {
  const counted = raw(topics[topic].kind === 'FACT' ? 'count(*)' : 'count(DISTINCT aggregate_id)');
  const [row] = await query<{ count: number }>(
    manager,
    sql`SELECT ${counted}::int AS count FROM outbox WHERE topic = ${topic}`,
  );
  return row?.count ?? 0;
}

/** All that a projection of the topic is made of, page by page: each aggregate's newest snapshot, or every fact in order. */
export async function* pagesOfTopic(
  manager: EntityManager,
  topic: Topic,
  size: number,
): AsyncGenerator<EventEnvelope[]> {
  const newestAlone = raw(topics[topic].kind === 'FACT' ? '' : 'DISTINCT ON (aggregate_id)');
  const direction = raw(topics[topic].kind === 'FACT' ? 'ASC' : 'DESC');
  let last: { aggregateId: string; sequence: number } = { aggregateId: '', sequence: 0 };
  for (;;) {
    const beyond =
      topics[topic].kind === 'FACT'
        ? sql`(aggregate_id, sequence) > (${last.aggregateId}, ${last.sequence}::int)`
        : sql`aggregate_id > ${last.aggregateId}`;
    const rows = await query<OutboxRecord>(
      manager,
      sql`SELECT ${newestAlone} ${outboxColumns} FROM outbox
          WHERE topic = ${topic} AND ${beyond}
          ORDER BY aggregate_id, sequence ${direction} LIMIT ${size}`,
    );
    const page = rows.map(toEnvelope);
    if (page.length > 0) yield page;
    if (page.length < size) return;
    last = page.at(-1) ?? last;
  }
}

/** What is not with the bus yet: how many, and how old the oldest is. */
export async function outboxBacklog(manager: EntityManager): Promise<OutboxBacklog> {
  const [row] = await query<{ waiting: number; age: number }>(
    manager,
    sql`SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM now() - min(appended_at)), 0)::float8 AS age
        FROM outbox WHERE published_at IS NULL`,
  );
  return { waiting: row?.waiting ?? 0, ageSeconds: row?.age ?? 0 };
}
