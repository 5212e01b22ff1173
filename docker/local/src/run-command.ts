import { onStopSignals } from './stop-signals.js';
import type { LocalSystem } from './system/local-system.js';
import { UsageError } from './usage.js';

/** What a command works with: it runs until `stopRequested`, and stops what it registers however it ends. */
export interface CommandContext {
  /** Aborted at the first Ctrl-C. */
  readonly stopRequested: AbortSignal;
  /** Told as soon as there is something to stop. */
  readonly uses: (system: LocalSystem) => void;
}

/** The exit code of a command that Ctrl-C kept from finishing. */
const interrupted = 130;

/**
 * Runs a command to its end and sets the exit code: what goes wrong is told in a message without a stack, and whatever
 * was started is stopped.
 */
export async function runCommand(
  command: (context: CommandContext) => Promise<void>,
  { followParent }: { readonly followParent: boolean },
): Promise<void> {
  const stopping = new AbortController();
  let system: LocalSystem | undefined;
  const begin = (message: string) => {
    if (stopping.signal.aborted) return;
    say(message);
    stopping.abort();
    // The command now ends by itself, and PostgreSQL is stopped after it: loading leaves whole batches.
    void system?.interrupt();
  };
  onStopSignals({
    followParent,
    stop: () => begin('\nStopping (again Ctrl-C ends everything at once) …'),
    kill: () => void Promise.resolve(system?.kill()).finally(() => process.exit(interrupted)),
  });
  // A fault of ours must not leave children behind; and what breaks while all is stopped is of no interest.
  process.on('uncaughtException', (error) => begin(`\nStopping after an unexpected error: ${error.stack}`));
  process.exitCode = await outcomeOf(
    command({ stopRequested: stopping.signal, uses: (it) => (system = it) }),
  );
  const wasStopped = stopping.signal.aborted;
  stopping.abort();
  await system?.stop().catch((error: unknown) => say(explain(error)));
  if (wasStopped) say('Everything has stopped.');
  // A connection that was left open must not keep the command.
  process.exit();

  async function outcomeOf(running: Promise<void>): Promise<number> {
    try {
      await running;
      return 0;
    } catch (error) {
      if (stopping.signal.aborted) return interrupted;
      say(`\n${explain(error)}`);
      return 1;
    }
  }
}

/** Tells an error to a person. */
export function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${error.usage}`;
  return error instanceof Error ? error.message : String(error);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
