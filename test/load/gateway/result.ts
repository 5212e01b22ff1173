import type { ContenderName } from './contenders.js';
import type { GraphName } from './graphs/graph.js';

/** What a run measured: the chart and the table are drawn from it. */
export interface BenchResult {
  readonly machine: Machine;
  readonly seconds: number;
  readonly rounds: number;
  readonly scenarios: readonly Scenario[];
  /** Contenders that were not measured, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface Machine {
  /** YYYY-MM-DD */
  readonly measuredOn: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** True where the gateway had a core for itself and all the rest shared the others. */
  readonly pinned: boolean;
}

export interface LeftOut {
  readonly graph: GraphName;
  readonly contender: ContenderName;
  readonly reason: string;
}

/** What is sent: one request over and over, or no two alike. */
export type RequestKind = 'identical' | 'distinct';

export const requestKinds: readonly RequestKind[] = ['distinct', 'identical'];

export interface ScenarioName {
  readonly graph: GraphName;
  readonly query: string;
  readonly requests: RequestKind;
  readonly connections: number;
}

export interface Scenario extends ScenarioName {
  readonly figures: readonly Figures[];
}

/** Medians of the rounds of one contender. */
export interface Figures {
  readonly contender: ContenderName;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Of the gateway's process, user and system, all its threads. */
  readonly cpuSecondsPer1000: number;
  /** The most it held after a round. */
  readonly rssMegabytes: number;
  readonly serviceRequestsPerRequest: number;
  /** Answers that were not the expected ones, of all rounds. */
  readonly failures: number;
  readonly firstFailure?: string;
}

/** The figures of one contender in a scenario; undefined where it was not measured. */
export function figuresOf({ figures }: Scenario, contender: ContenderName): Figures | undefined {
  return figures.find((one) => one.contender === contender);
}
