import type { RedeliveryAnswer } from '@fulfillment/schema/events/commands';
import type { ServiceName } from '@fulfillment/schema/events/topics';

/** A rebuild of one projection, from its request to its end. */
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

export type NewRebuild = Pick<ProjectionRebuild, 'id' | 'consumer' | 'topic' | 'requestedBy'>;

export type RebuildProgress = Pick<ProjectionRebuild, 'id' | 'expected' | 'received'> & {
  readonly state: 'RUNNING' | 'DONE';
};

/**
 * Where all services see what operations has asked for over the bus, and how far it is: no service reads another's
 * database, and the answers outlive who gave them.
 */
export interface Board {
  /** Writes a producer's answer; the first one stands. */
  answerRedelivery(id: string, answer: RedeliveryAnswer): Promise<void>;
  /** Waits so long for a producer's answer; null when there is none by then. */
  redeliveryAnswer(id: string, patienceMilliseconds: number): Promise<RedeliveryAnswer | null>;

  /**
   * Notes a rebuild and sends the consumer its command, both or neither. The same id again changes nothing.
   * @param restart whether it takes the place of one that is under way
   * @returns the rebuild, or null when another one of the same projection is under way
   */
  requestRebuild(rebuild: NewRebuild, restart: boolean): Promise<ProjectionRebuild | null>;
  /** False for a rebuild that is done, superseded or unknown. */
  isUnderWay(id: string): Promise<boolean>;
  /** Tells how far a rebuild is; nothing of one that is done or superseded changes. */
  reportRebuild(progress: RebuildProgress): Promise<void>;
  /** The newest first, a hundred at the most. */
  rebuilds(conditions: RebuildConditions): Promise<ProjectionRebuild[]>;
}

export interface RebuildConditions {
  readonly consumer?: ServiceName | null | undefined;
  readonly topic?: string | null | undefined;
}
