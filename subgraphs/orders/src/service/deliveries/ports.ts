import type { Command, RedeliveryAnswer } from '@fulfillment/schema/events/commands';
import type { NewRebuild, ProjectionRebuild } from '@fulfillment/schema/events/deliveries';
import type { ServiceName } from '@fulfillment/schema/events/topics';

/** Asks services over the bus, whose answers all can see. */
export interface Operations {
  command(service: ServiceName, command: Command): Promise<void>;
  readonly board: {
    /** Null when there is no answer in so much time. */
    redeliveryAnswer(id: string, patienceMilliseconds: number): Promise<RedeliveryAnswer | null>;
    /** The rebuild with this id; null when another one of the same projection is under way, unless it is to give way. */
    requestRebuild(rebuild: NewRebuild, restart: boolean): Promise<ProjectionRebuild | null>;
  };
}
