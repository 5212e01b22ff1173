import type { Logger } from './logger.js';

export interface Periodic {
  /** Stops after the run in hand. */
  stop(): Promise<void>;
}

/**
 * Runs work now, and again so long after each run has ended; a run that fails is told in the log.
 * @param what for the log: `The outbox could not be pruned`
 */
export function startPeriodic(
  what: string,
  milliseconds: number,
  work: () => Promise<unknown>,
  logger: Logger,
): Periodic {
  const state: { stopped: boolean; timer?: NodeJS.Timeout } = { stopped: false };
  const run = async (): Promise<void> => {
    await work().catch((error: unknown) => logger.warn({ err: error }, what));
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
