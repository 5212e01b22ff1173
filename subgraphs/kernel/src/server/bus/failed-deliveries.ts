import type { ServiceName } from '@fulfillment/schema/events/topics';
import type { Connection } from '../connection.js';
import type { PageArguments } from '../pagination.js';

/** An event that one consumer could not take in. */
export interface FailedDelivery {
  /** Made from the bus's own number of the delivery. */
  readonly id: string;
  readonly eventId: string;
  readonly topic: string;
  readonly aggregateId: string;
  readonly sequence: number;
  readonly consumer: ServiceName;
  /** Tries so far. */
  readonly attempts: number;
  /** Of so many; then it is a dead letter. */
  readonly attemptLimit: number;
  /** What the last try failed with, without a stack trace; null when the process ended over it. */
  readonly reason: string | null;
  /** The event's payload as JSON text. */
  readonly payload: string;
  readonly occurredAt: Date;
  /** When the last try failed. */
  readonly failedAt: Date;
  /** When it is tried again; null for a dead letter. */
  readonly retriedAt: Date | null;
}

export interface FailedDeliveryConditions {
  readonly consumer?: ServiceName | null | undefined;
  readonly topic?: string | null | undefined;
  readonly producer?: ServiceName | null | undefined;
  /** Failed at this instant or later. */
  readonly since?: Date | null | undefined;
}

export type FailedDeliverySort = 'FAILED_AT' | 'FAILED_AT_DESC';

/** Reads the deliveries that failed: those that are still retried, and dead letters. */
export interface FailedDeliveries {
  /** @throws InputError for paging arguments that cannot be worked with */
  list(
    page: PageArguments,
    sort: FailedDeliverySort,
    conditions: FailedDeliveryConditions,
  ): Promise<Connection<FailedDelivery>>;
}
