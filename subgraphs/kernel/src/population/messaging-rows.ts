import { grantPayload, type EventEnvelope } from '@fulfillment/schema/events/envelope';
import { derivedId } from '../domain/ids.js';
import type { TableRows } from './seeder.js';

/** What the kernel's tables hold in the service that published these events. */
export function producerRows(events: readonly EventEnvelope[]): TableRows[] {
  return [
    {
      table: 'outbox',
      rows: events.map((event) => ({
        id: event.id,
        topic: event.topic,
        kind: event.kind,
        aggregate_id: event.aggregateId,
        sequence: event.sequence,
        occurred_at: event.occurredAt,
        request_id: event.requestId,
        payload: event.payload,
        published_at: event.occurredAt,
      })),
    },
    {
      table: 'fact_sequence',
      replaceBy: ['topic', 'aggregate_id'],
      rows: newest(events.filter((event) => event.kind === 'FACT')).map((event) => ({
        topic: event.topic,
        aggregate_id: event.aggregateId,
        last: event.sequence,
      })),
    },
    grantRows(events),
  ];
}

/** What the kernel's tables hold in a service that took these events in. */
export function consumerRows(events: readonly EventEnvelope[]): TableRows[] {
  return [
    {
      table: 'inbox_position',
      replaceBy: ['topic', 'aggregate_id'],
      rows: newest(events).map((event) => ({
        topic: event.topic,
        aggregate_id: event.aggregateId,
        sequence: event.sequence,
      })),
    },
    grantRows(events),
  ];
}

/** The newest event of each topic and aggregate. */
export function newest(events: readonly EventEnvelope[]): EventEnvelope[] {
  const byAggregate = new Map<string, EventEnvelope>();
  for (const event of events) {
    const key = `${event.topic} ${event.aggregateId}`;
    const known = byAggregate.get(key);
    if (!known || known.sequence < event.sequence) byAggregate.set(key, event);
  }
  return [...byAggregate.values()];
}

function grantRows(events: readonly EventEnvelope[]): TableRows {
  const grants = newest(events.filter((event) => event.topic.endsWith('.grant')));
  return {
    table: 'viewer_grant',
    rows: grants.map((event) => {
      const { subject, object, from, until } = grantPayload.parse(event.payload);
      return {
        id: derivedId('grant', subject.kind, subject.id, object.kind, object.id),
        subject_kind: subject.kind,
        subject_id: subject.id,
        object_kind: object.kind,
        object_id: object.id,
        valid_from: from,
        valid_until: until,
      };
    }),
  };
}
