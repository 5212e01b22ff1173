import { isUnreturnedJobs } from './bus/unreturned-jobs.js';
import { EnvironmentError } from './environment.js';
import type { RunningService } from './start-service.js';

const longestStopMs = 8_000;

/**
 * Runs a service as a process: starts it, and stops it cleanly on SIGINT, SIGTERM or when the parent that started it
 * with an IPC channel is gone. A failure at the start is told in one line.
 */
export async function runProcess(start: () => Promise<Pick<RunningService, 'close'>>): Promise<void> {
  process.on('unhandledRejection', (reason) => {
    if (!isUnreturnedJobs(reason)) throw reason;
  });
  let running: Pick<RunningService, 'close'>;
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // What waits for a database that is gone must not keep the process.
    setTimeout(() => process.exit(1), longestStopMs).unref();
    void running.close().finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  // The parent may have gone while the service was starting.
  if (process.send && !process.connected) stop();
}

function explain(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  const { code, port, message } = error as { code?: string; port?: number; message?: string };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken: set PORT to a free one or stop what listens there.`;
  return message ?? String(error);
}
