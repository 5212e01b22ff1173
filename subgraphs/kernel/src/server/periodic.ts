import { newTraceParent } from '@fulfillment/telemetry/trace-parent';
import type { Logger } from './logger.js';
import type { ObserveWork } from './telemetry/observe-work.js';

export interface Periodic {
  /** Stops after the run in hand. */
  stop(): Promise<void>;
}

/** Work that is done again and again. */
export interface Chore {
  /** For traces and metrics: `outbox-pruning`. */
  readonly name: string;
  /** For the log, when a run fails: `The outbox could not be pruned`. */
  readonly failure: string;
  /** How long after the end of a run the next one begins. */
  readonly milliseconds: number;
  readonly run: () => Promise<unknown>;
  /** It only keeps the process informed: its runs are counted, and no trace is recorded of them. */
  readonly isRoutine?: true;
}

/** Tells of each run of periodic work. */
export interface PeriodicTelemetry {
  readonly logger: Logger;
  readonly observe: ObserveWork;
  readonly onRunEnd?: (name: string, failed: boolean, seconds: number) => void;
}

/** Runs work now, and again so long after each run has ended; a run that fails is told in the log. */
export function startPeriodic(
  { name, failure, milliseconds, run: work, isRoutine }: Chore,
  { logger, observe, onRunEnd }: PeriodicTelemetry,
): Periodic {
  const state: { stopped: boolean; timer?: NodeJS.Timeout } = { stopped: false };
  const observed = {
    name: `periodic ${name}`,
    kind: 'internal',
    onEnd: (failed: boolean, seconds: number) => onRunEnd?.(name, failed, seconds),
  } as const;
  const tried = async () => {
    try {
      await work();
    } catch (error) {
      logger.warn({ err: error }, failure);
      throw error;
    }
  };
  const run = async (): Promise<void> => {
    const cause = isRoutine ? newTraceParent(false) : undefined;
    await observe({ ...observed, cause }, tried).catch(() => undefined); // it is in the log
    if (state.stopped) return;
    state.timer = setTimeout(() => {
      running = run();
    }, milliseconds);
  };
  let running = run();
  return {
    async stop() {
      state.stopped = true;
      clearTimeout(state.timer);
      await running;
    },
  };
}
