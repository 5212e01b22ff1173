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
  onStopSignals({
    followParent,
    stop: () => {
      say('\nStopping (again Ctrl-C ends everything at once) …');
      stopping.abort();
      // A start that is under way fails by this; what it has started until then is stopped below.
      void system?.stop();
    },
    kill: () => void system?.kill().finally(() => process.exit(130)),
  });
  try {
    await command({ stopRequested: stopping.signal, uses: (started) => (system = started) });
  } catch (error) {
    if (!stopping.signal.aborted) {
      process.exitCode = 1;
      say(`\n${explain(error)}`);
    }
  }
  await system?.stop().catch((error: unknown) => say(explain(error)));
  if (stopping.signal.aborted) say('Everything has stopped.');
  // A connection that was left open must not keep the command.
  process.exit();
}

/** Tells an error to a person. */
export function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${error.usage}`;
  return error instanceof Error ? error.message : String(error);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
