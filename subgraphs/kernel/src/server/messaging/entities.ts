import { EntitySchema } from 'typeorm';

export interface OutboxRow {
  id: string;
  position?: string;
  topic: string;
  kind: 'SNAPSHOT' | 'FACT';
  aggregateId: string;
  sequence: number;
  occurredAt: Date;
  requestId: string;
  traceParent: string | null;
  payload: unknown;
  appendedAt?: Date;
  publishedAt: Date | null;
}

/** Events that this service promised and the relay publishes. */
export const outboxEntity = new EntitySchema<OutboxRow>({
  name: 'Outbox',
  tableName: 'outbox',
  columns: {
    id: { type: 'uuid', primary: true },
    position: { type: 'bigint', generated: 'increment' },
    topic: { type: 'text' },
    kind: { type: 'text' },
    aggregateId: { type: 'text', name: 'aggregate_id' },
    sequence: { type: 'integer' },
    occurredAt: { type: 'timestamptz', name: 'occurred_at' },
    requestId: { type: 'text', name: 'request_id' },
    traceParent: { type: 'text', name: 'trace_parent', nullable: true },
    payload: { type: 'jsonb' },
    appendedAt: { type: 'timestamptz', name: 'appended_at', default: () => 'now()' },
    publishedAt: { type: 'timestamptz', name: 'published_at', nullable: true },
  },
  indices: [
    { name: 'outbox_unpublished', columns: ['position'], where: '"published_at" IS NULL' },
    { name: 'outbox_aggregate', columns: ['topic', 'aggregateId', 'sequence'], unique: true },
  ],
});

/** The last number that was given in each topic and aggregate: to facts, and to snapshots of what counts no versions itself. */
export const factSequenceEntity = new EntitySchema<{ topic: string; aggregateId: string; last: number }>({
  name: 'FactSequence',
  tableName: 'fact_sequence',
  columns: {
    topic: { type: 'text', primary: true },
    aggregateId: { type: 'text', name: 'aggregate_id', primary: true },
    last: { type: 'integer' },
  },
});

/** Every event that this service has taken in: each id has its effect once. */
export const inboxEntity = new EntitySchema<{ eventId: string; topic: string; receivedAt: Date }>({
  name: 'Inbox',
  tableName: 'inbox',
  columns: {
    eventId: { type: 'uuid', name: 'event_id', primary: true },
    topic: { type: 'text' },
    receivedAt: { type: 'timestamptz', name: 'received_at', default: () => 'now()' },
  },
});

/** How far each aggregate of each topic was applied: the version of a snapshot, the number of a fact. */
export const inboxPositionEntity = new EntitySchema<{ topic: string; aggregateId: string; sequence: number }>(
  {
    name: 'InboxPosition',
    tableName: 'inbox_position',
    columns: {
      topic: { type: 'text', primary: true },
      aggregateId: { type: 'text', name: 'aggregate_id', primary: true },
      sequence: { type: 'integer' },
    },
  },
);

/** Facts that arrived before their predecessor and wait for it. */
export const inboxHeldEntity = new EntitySchema<{
  topic: string;
  aggregateId: string;
  sequence: number;
  envelope: unknown;
}>({
  name: 'InboxHeld',
  tableName: 'inbox_held',
  columns: {
    topic: { type: 'text', primary: true },
    aggregateId: { type: 'text', name: 'aggregate_id', primary: true },
    sequence: { type: 'integer', primary: true },
    envelope: { type: 'jsonb' },
  },
});

export interface ProjectionRebuildRow {
  id: string;
  topic: string;
  expected: number | null;
  complete: boolean;
  startedAt: Date;
}

/** The rebuild that is under way of each topic. */
export const projectionRebuildEntity = new EntitySchema<ProjectionRebuildRow>({
  name: 'ProjectionRebuild',
  tableName: 'projection_rebuild',
  columns: {
    id: { type: 'uuid', primary: true },
    topic: { type: 'text' },
    expected: { type: 'integer', nullable: true },
    complete: { type: 'boolean', default: false },
    startedAt: { type: 'timestamptz', name: 'started_at', default: () => 'now()' },
  },
  uniques: [{ name: 'projection_rebuild_topic', columns: ['topic'] }],
});

/** What has arrived of it: an aggregate (`sequence` 0), or a single fact. */
export const rebuildArrivalEntity = new EntitySchema<{
  rebuildId: string;
  aggregateId: string;
  sequence: number;
}>({
  name: 'RebuildArrival',
  tableName: 'rebuild_arrival',
  columns: {
    rebuildId: { type: 'uuid', name: 'rebuild_id', primary: true },
    aggregateId: { type: 'text', name: 'aggregate_id', primary: true },
    sequence: { type: 'integer', primary: true },
  },
  foreignKeys: [
    {
      name: 'rebuild_arrival_rebuild',
      target: 'ProjectionRebuild',
      columnNames: ['rebuildId'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
  ],
});
