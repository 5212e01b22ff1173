import { randomUUID } from 'node:crypto';
import { topics, type Topic } from '@fulfillment/schema/events/topics';
import type { z } from 'zod';
import type { EntityManager } from 'typeorm';
import sql, { type Sql } from 'sql-template-tag';
import type { LastWrites } from '../last-writes.js';
import { currentTrace } from '../request-scope.js';
import { query } from '../sql.js';
import type { ChangingEvent } from './changes.js';

export type PayloadOf<T extends Topic> = z.infer<(typeof topics)[T]['payload']>;

/** An event as a use case states it; facts get their number here, snapshots bring their aggregate's version or get it here. */
export interface NewEvent<T extends Topic> {
  readonly aggregateId: string;
  /** Snapshots alone: the aggregate's version, from 1; NEXT where the aggregate counts none, for the next number of its lane. */
  readonly version?: number | 'NEXT';
  readonly occurredAt: Date;
  readonly payload: PayloadOf<T>;
}

/** Appends events to the outbox inside the transaction of a use case. */
export interface EventAppender {
  append<T extends Topic>(topic: T, event: NewEvent<T>): Promise<void>;
}

/**
 * What is appended is numbered and written when the transaction ends, in its order. Each event carries the place in a trace at which
 * it was appended.
 * @param requestId the request (or the event) that caused what is appended
 * @param onAppend is told of each event before it is written
 * @throws when a payload breaks its topic's contract: a promise that would be broken is not committed
 */
export function createEventAppender(
  { manager, lastWrites }: { readonly manager: EntityManager; readonly lastWrites: LastWrites },
  requestId: string,
  onAppend: (event: ChangingEvent) => void = () => undefined,
): EventAppender {
  const appended: UnnumberedEvent[] = [];
  lastWrites.add(async () =>
    appended.length === 0 ? null : insertEvents(await numbered(manager, appended)),
  );
  return {
    async append(topic, event) {
      const { kind, payload: contract } = topics[topic];
      const payload = contract.parse(event.payload);
      if (kind === 'SNAPSHOT' && event.version === undefined) {
        throw new Error(`A snapshot of ${topic} needs its aggregate's version`);
      }
      const id = randomUUID();
      onAppend({ id, topic, payload } as ChangingEvent);
      appended.push({
        id,
        topic,
        kind,
        aggregate_id: event.aggregateId,
        sequence: kind === 'FACT' || event.version === 'NEXT' ? null : (event.version ?? null),
        occurred_at: event.occurredAt,
        request_id: requestId,
        trace_parent: currentTrace()?.traceparent ?? null,
        payload,
      });
    },
  };
}

/** An event as its columns name it; its position and whether it was published are the table's. */
interface OutboxEvent {
  readonly id: string;
  readonly topic: string;
  readonly kind: 'SNAPSHOT' | 'FACT';
  readonly aggregate_id: string;
  readonly sequence: number;
  readonly occurred_at: Date;
  readonly request_id: string;
  readonly trace_parent: string | null;
  readonly payload: unknown;
}

/** A fact has no number yet, nor has a snapshot of an aggregate that counts no versions. */
type UnnumberedEvent = Omit<OutboxEvent, 'sequence'> & { readonly sequence: number | null };

/** Positions rise in the order of the events. */
function insertEvents(events: readonly OutboxEvent[]): Sql {
  return sql`
        INSERT INTO outbox (id, topic, kind, aggregate_id, sequence, occurred_at, request_id, trace_parent, payload)
        SELECT id, topic, kind, aggregate_id, sequence, occurred_at, request_id, trace_parent, payload
        FROM jsonb_to_recordset(${JSON.stringify(events)}) AS event (
          id uuid, topic text, kind text, aggregate_id text, sequence integer, occurred_at timestamptz,
          request_id text, trace_parent text, payload jsonb)`;
}

/**
 * Gives what has no number its own, without gaps in the order of the events: the row of each lane stays locked until the transaction
 * ends, and rolls back with it. Lanes are locked in one order, whoever asks.
 */
async function numbered(manager: EntityManager, events: readonly UnnumberedEvent[]): Promise<OutboxEvent[]> {
  const counts = new Map<string, { topic: string; aggregate_id: string; count: number }>();
  for (const { topic, aggregate_id, sequence } of events) {
    if (sequence !== null) continue;
    const key = laneOf(topic, aggregate_id);
    counts.set(key, { topic, aggregate_id, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const last = counts.size === 0 ? new Map<string, number>() : await advance(manager, [...counts.values()]);
  const nextNumbers = new Map(
    [...counts].map(([key, { count }]) => [key, (last.get(key) ?? 0) - count + 1] as const),
  );
  return events.map((event) => {
    if (event.sequence !== null) return { ...event, sequence: event.sequence };
    const key = laneOf(event.topic, event.aggregate_id);
    const sequence = nextNumbers.get(key) ?? 0;
    nextNumbers.set(key, sequence + 1);
    return { ...event, sequence };
  });
}

/** Moves each lane on by a count; gives the last number of each. */
async function advance(
  manager: EntityManager,
  counts: readonly { topic: string; aggregate_id: string; count: number }[],
): Promise<Map<string, number>> {
  const rows = await query<{ topic: string; aggregate_id: string; last: number }>(
    manager,
    sql`INSERT INTO fact_sequence AS lane (topic, aggregate_id, last)
        SELECT topic, aggregate_id, count
        FROM jsonb_to_recordset(${JSON.stringify(counts)}) AS fact (topic text, aggregate_id text, count integer)
        ORDER BY topic, aggregate_id
        ON CONFLICT (topic, aggregate_id) DO UPDATE SET last = lane.last + excluded.last
        RETURNING topic, aggregate_id, last`,
  );
  return new Map(rows.map(({ topic, aggregate_id, last }) => [laneOf(topic, aggregate_id), last]));
}

function laneOf(topic: string, aggregateId: string): string {
  return `${topic} ${aggregateId}`;
}
