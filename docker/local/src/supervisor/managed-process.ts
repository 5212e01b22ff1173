import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeArguments } from '../node-arguments.js';
import type { ProcessLog } from './process-log.js';

/** A Node program to be run. */
export interface ProcessPlan {
  readonly name: string;
  /** Absolute path of its main file. */
  readonly entry: string;
  /** Its whole environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Answers 200 to GET when the program is ready. */
  readonly readyUrl: string;
}

/** How a process ended, in words: `exit code 1` or `SIGKILL`. */
export type Ending = string;

/**
 * One run of a program. It gets an IPC channel that carries nothing: its end tells the program that the supervisor is
 * gone, however it went. It runs in a process group of its own, so that Ctrl-C in the terminal reaches the supervisor
 * alone, which stops everything in order.
 */
export class ManagedProcess {
  readonly #child: ChildProcess;
  #ending: Ending | undefined;
  /** Resolves when the process has ended. */
  readonly ended: Promise<Ending>;

  constructor(
    readonly plan: ProcessPlan,
    log: ProcessLog,
  ) {
    this.#child = spawn(process.execPath, [...nodeArguments, plan.entry], {
      env: plan.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
      windowsHide: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) if (stream) log.follow(stream);
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending) => resolve((this.#ending ??= ending));
      this.#child.once('error', (error) => end(error.message));
      // 'close' comes after the last line of output, 'exit' may come before it.
      this.#child.once('close', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Waits until the program says that it is ready: 'ready', or how it ended before, or 'timeout'. */
  async waitUntilReady(timeoutMs: number): Promise<'ready' | 'timeout' | { readonly ended: Ending }> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline) {
      if (this.#ending !== undefined) return { ended: this.#ending };
      if (await isReady(this.plan.readyUrl)) {
        // Another program on the same port may have answered while this one was failing on it.
        if (this.#ending === undefined) return 'ready';
      } else {
        await Promise.race([sleep(40), this.ended]);
      }
    }
    return 'timeout';
  }

  /** Asks the process to end; kills it when it has not within `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    if (this.#ending !== undefined) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
