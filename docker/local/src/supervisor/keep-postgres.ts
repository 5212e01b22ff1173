import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningPostgres } from '../postgres/start-postgres.js';

/** A server that is started again when it ends by itself. */
export interface KeptPostgres {
  /** The server as it was first started; a restart keeps its port and its password. */
  readonly first: RunningPostgres;
  readonly stop: (how?: 'fast' | 'immediate') => Promise<void>;
}

const pauseMs = 500;
const longestPauseMs = 30_000;

/** Starts a server and keeps it running until `stop`. `start` is called again after each end. */
export async function keepPostgres(
  start: () => Promise<RunningPostgres>,
  report: (message: string) => void,
): Promise<KeptPostgres> {
  const first = await start();
  const stopped = new AbortController();
  let current: Promise<RunningPostgres> = Promise.resolve(first);

  const startAgain = async (): Promise<RunningPostgres> => {
    for (let pause = pauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      try {
        const server = await start();
        report('✓ PostgreSQL works again');
        return server;
      } catch (error) {
        if (stopped.signal.aborted) throw error;
        report(`✗ PostgreSQL does not start: ${(error as Error).message}`);
        await sleep(pause, undefined, { signal: stopped.signal });
      }
    }
  };
  const watch = async (server: RunningPostgres): Promise<void> => {
    await server.ended;
    if (stopped.signal.aborted) return;
    report('✗ PostgreSQL ended and is started again; it recovers by itself.');
    current = startAgain();
    await current.then(watch, () => undefined);
  };
  void watch(first);
  return {
    first,
    stop: async (how) => {
      stopped.abort();
      await current.then((server) => server.stop(how)).catch(() => undefined);
    },
  };
}
