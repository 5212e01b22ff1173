import type { RedeliveryAnswer } from '@fulfillment/schema/events/commands';
import type { NewRebuild, ProjectionRebuild, RebuildConditions } from '@fulfillment/schema/events/deliveries';

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
