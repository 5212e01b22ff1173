import { randomUUID } from 'node:crypto';
import { topics, type Topic } from '@fulfillment/schema/events/topics';
import type { z } from 'zod';
import type { EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import { query } from '../sql.js';

export type PayloadOf<T extends Topic> = z.infer<(typeof topics)[T]['payload']>;

/** An event as a use case states it; facts get their number here, snapshots bring their aggregate's version. */
export interface NewEvent<T extends Topic> {
  readonly aggregateId: string;
  /** Snapshots alone: the aggregate's version, from 1. */
  readonly version?: number;
  readonly occurredAt: Date;
  readonly payload: PayloadOf<T>;
}

/** Appends events to the outbox inside the transaction of a use case. */
export interface EventAppender {
  append<T extends Topic>(topic: T, event: NewEvent<T>): Promise<void>;
}

/**
 * Events that are appended at the same moment (with `Promise.all`) are written with one statement.
 * @param requestId the request (or the event) that caused what is appended
 * @throws when a payload breaks its topic's contract: a promise that would be broken is not committed
 */
export function createEventAppender(manager: EntityManager, requestId: string): EventAppender {
  let pending: OutboxEvent[] = [];
  let written: Promise<void> | null = null;

  const write = async () => {
    await Promise.resolve();
    const events = pending;
    pending = [];
    written = null;
    await insertEvents(manager, events);
  };

  return {
    async append(topic, event) {
      const contract = topics[topic];
      const payload = contract.payload.parse(event.payload);
      const sequence =
        contract.kind === 'FACT' ? await nextFactNumber(manager, topic, event.aggregateId) : event.version;
      if (sequence === undefined) throw new Error(`A snapshot of ${topic} needs its aggregate's version`);
      pending.push({
        id: randomUUID(),
        topic,
        kind: contract.kind,
        aggregate_id: event.aggregateId,
        sequence,
        occurred_at: event.occurredAt,
        request_id: requestId,
        payload,
      });
      written ??= write();
      await written;
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
  readonly payload: unknown;
}

/** Positions rise in the order of the events. */
async function insertEvents(manager: EntityManager, events: readonly OutboxEvent[]): Promise<void> {
  await query(
    manager,
    sql`INSERT INTO outbox (id, topic, kind, aggregate_id, sequence, occurred_at, request_id, payload)
        SELECT id, topic, kind, aggregate_id, sequence, occurred_at, request_id, payload
        FROM jsonb_to_recordset(${JSON.stringify(events)}) AS event (
          id uuid, topic text, kind text, aggregate_id text, sequence integer, occurred_at timestamptz,
          request_id text, payload jsonb)`,
  );
}

/** Numbers facts without gaps: the row stays locked until the transaction ends, and rolls back with it. */
async function nextFactNumber(manager: EntityManager, topic: string, aggregateId: string): Promise<number> {
  const [row] = await query<{ last: number }>(
    manager,
    sql`INSERT INTO fact_sequence (topic, aggregate_id, last) VALUES (${topic}, ${aggregateId}, 1)
        ON CONFLICT (topic, aggregate_id) DO UPDATE SET last = fact_sequence.last + 1
        RETURNING last`,
  );
  if (!row) throw new Error('INSERT … RETURNING gave no row');
  return row.last;
}
