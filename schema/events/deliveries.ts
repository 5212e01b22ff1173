import type { ServiceName } from './topics.js';

/** An event that one consumer could not take in, as the bus shows it to operations. */
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

/** Which of them are asked for; what is null or left out excludes none. */
export interface FailedDeliveryConditions {
  readonly consumer?: ServiceName | null | undefined;
  readonly topic?: string | null | undefined;
  readonly producer?: ServiceName | null | undefined;
  /** Failed at this instant or later. */
  readonly since?: Date | null | undefined;
}

export type FailedDeliverySort = 'FAILED_AT' | 'FAILED_AT_DESC';

/** A rebuild of what one service keeps of a topic, from its request to its end. */
export interface ProjectionRebuild {
  readonly id: string;
  readonly consumer: ServiceName;
  readonly topic: string;
  /** SUPERSEDED: it was begun afresh under another id before it was done. */
  readonly state: RebuildState;
  /** How many events there are to take in; null until the producer has counted. */
  readonly expected: number | null;
  readonly received: number;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}

export type RebuildState = 'REQUESTED' | 'RUNNING' | 'DONE' | 'SUPERSEDED';

/** A rebuild as it is asked for. */
export type NewRebuild = Pick<ProjectionRebuild, 'id' | 'consumer' | 'topic' | 'requestedBy'>;

/** Which rebuilds are asked for; what is null or left out excludes none. */
export interface RebuildConditions {
  readonly consumer?: ServiceName | null | undefined;
  readonly topic?: string | null | undefined;
}
