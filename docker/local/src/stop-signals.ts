/** How a command ends early. */
export interface StopHandlers {
  /** At the first sign: end in order. */
  readonly stop: () => void;
  /** At the second: end at once. */
  readonly kill: () => void;
  /** npm, or a shell of its, is the parent: its end is a sign too. */
  readonly followParent: boolean;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const sameSignMs = 500;

/**
 * Listens for the signs that a command is to end. npm passes SIGTERM on to its shell alone, which ends without telling
 * its child; the child then has another parent.
 */
export function onStopSignals({ stop, kill, followParent }: StopHandlers): void {
  let first: number | undefined;
  const sign = () => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      stop();
    } else if (now - first > sameSignMs) kill();
  };
  for (const name of signals) process.on(name, sign);
  // The terminal is gone: what is written from now on goes nowhere, and must not end the command half way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  if (!followParent) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    if (first === undefined) sign();
  }, 500);
  timer.unref();
}
