import type { GraphAccess } from '../contenders.js';
import type { WorkloadRequest } from '../workload.js';

/** Services that run, and what is asked of them. */
export interface BenchGraph extends GraphAccess {
  readonly name: GraphName;
  readonly queries: readonly BenchQuery[];
  readonly stop: () => Promise<void>;
}

/** Stand-ins that cost next to nothing, and our own four services. */
export const graphNames = ['stand-ins', 'services'] as const;

export type GraphName = (typeof graphNames)[number];

/** A query with the requests that ask it; their answers are not known yet. */
export interface BenchQuery {
  readonly name: string;
  /** All that are distinct where there are no pages; else one, with a hole for the page. */
  readonly requests: readonly Omit<WorkloadRequest, 'expected'>[];
  readonly hasPages: boolean;
}
