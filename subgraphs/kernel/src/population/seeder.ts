import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { derivedId } from '../domain/ids.js';
import type { StoryBatch } from './story.js';

/** Rows for one table, by column name. Values: JSON values, bigint, Date; objects and arrays become jsonb. */
export interface TableRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** The columns by which a row replaces an earlier batch's; left out where every row is new. */
  readonly replaceBy?: readonly string[];
}

/**
 * How a service turns the population into its own rows: pure, so that the same stories make the same rows, and in the
 * form of the same events and projections as in daily work, so that what two services both know agrees.
 */
export interface ServiceSeeder {
  /**
   * The rows that the service owns for a batch, and the events that it would have published for them. The kernel's own
   * tables (outbox, positions, grants) are filled from the events, for all services alike (`messaging-rows.ts`).
   * @param received events of the same batch from services that come before: partners, orders, subscriptions, licenses
   */
  own(batch: StoryBatch, received: readonly EventEnvelope[]): { rows: TableRows[]; events: EventEnvelope[] };
  /**
   * What the service does in answer to events of a batch, told after all services have told what they own; for each service after
   * the one before, whose answers it receives too.
   */
  answer?(received: readonly EventEnvelope[]): { rows: TableRows[]; events: EventEnvelope[] };
  /** The rows of its projections from others' events that it consumes, without the kernel's own tables. */
  project(events: readonly EventEnvelope[]): TableRows[];
  /** Statements to run before the first batch, each time that a loading begins or goes on. */
  begin?(): string[];
  /** Statements to run once at the end, for example to move number sequences past what was seeded. */
  finish(): string[];
}

/** A seeder keeps counters (numbers without gaps), so each run makes its own. `today`: the day of the stories. */
export type CreateSeeder = (setting: { readonly today: string }) => ServiceSeeder;

/** An event as it would have been published, with an id that a repeated seeding finds again. */
export function seededEvent(event: Omit<EventEnvelope, 'id' | 'requestId'>): EventEnvelope {
  return {
    id: derivedId('seeded-event', event.topic, event.aggregateId, event.sequence),
    requestId: 'seed',
    ...event,
  };
}
