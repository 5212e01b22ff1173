import type { Command, RedeliveryAnswer } from '@fulfillment/schema/events/commands';
import type { ServiceName } from '@fulfillment/schema/events/topics';

/** An event that one service could not take in. */
export interface FailedDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly topic: string;
  readonly aggregateId: string;
  readonly sequence: number;
  readonly consumer: ServiceName;
  readonly attempts: number;
  readonly attemptLimit: number;
  /** Null when the process ended over it. */
  readonly reason: string | null;
  /** JSON text. */
  readonly payload: string;
  readonly occurredAt: Date;
  readonly failedAt: Date;
  /** Null for a dead letter. */
  readonly retriedAt: Date | null;
}

export interface FailedDeliveryConditions {
  readonly consumer: ServiceName | null;
  readonly producer: ServiceName | null;
  readonly topic: string | null;
  readonly since: Date | null;
}

/** A rebuild of what one service keeps of a topic. */
export interface ProjectionRebuild {
  readonly id: string;
  readonly consumer: ServiceName;
  readonly topic: string;
  readonly state: 'REQUESTED' | 'RUNNING' | 'DONE' | 'SUPERSEDED';
  readonly expected: number | null;
  readonly received: number;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}

/** Asks services over the bus, whose answers all can see. */
export interface Operations {
  command(service: ServiceName, command: Command): Promise<void>;
  readonly board: {
    /** Null when there is no answer in so much time. */
    redeliveryAnswer(id: string, patienceMilliseconds: number): Promise<RedeliveryAnswer | null>;
    /** The rebuild with this id; null when another one of the same projection is under way, unless it is to give way. */
    requestRebuild(
      rebuild: Pick<ProjectionRebuild, 'id' | 'consumer' | 'topic' | 'requestedBy'>,
      restart: boolean,
    ): Promise<ProjectionRebuild | null>;
  };
}
