import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedProcess, type ProcessPlan } from './managed-process.js';
import { ProcessLog } from './process-log.js';
import type { ProcessRecord } from './process-record.js';

/** How processes are supervised. Times are in milliseconds. */
export interface SupervisorOptions {
  /** Each process writes `<logFolder>/<name>.log`. */
  readonly logFolder: string;
  readonly record: ProcessRecord;
  /** Told what a person at the terminal should know: crashes and restarts. */
  readonly report: (message: string) => void;
  /** Given each line that a process says, when set. */
  readonly onLine?: (name: string, line: string) => void;
  /** How long a process may take to become ready; 60 s when left out. */
  readonly readyTimeoutMs?: number;
  /** How long a process may take to stop before it is killed; 10 s when left out. */
  readonly graceMs?: number;
  /** The first pause before a crashed process is started again; it doubles up to 30 s. 500 when left out. */
  readonly firstBackoffMs?: number;
}

/** A process did not come up; the message carries its last words. */
export class ProcessStartError extends Error {
  override name = 'ProcessStartError';
}

const longestBackoffMs = 30_000;
/** Who has run this long is not in a crash loop. */
const steadyMs = 60_000;

/** Starts programs, keeps them running, and stops them in the reverse order of their start. */
export class Supervisor {
  readonly #options: Required<Omit<SupervisorOptions, 'onLine'>> & Pick<SupervisorOptions, 'onLine'>;
  readonly #groups: ProcessPlan[][] = [];
  readonly #running = new Map<string, ManagedProcess>();
  readonly #logs = new Map<string, ProcessLog>();
  readonly #stopped = new AbortController();
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = { readyTimeoutMs: 60_000, graceMs: 10_000, firstBackoffMs: 500, ...options };
  }

  /**
   * Starts a group of programs at once and waits until each is ready; from then on a crash is mended by a restart. A
   * group that was started later is stopped earlier.
   * @throws ProcessStartError when one ends or stays silent instead
   */
  async start(plans: readonly ProcessPlan[]): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    this.#groups.push([...plans]);
    await Promise.all(plans.map((plan) => this.#startFirst(plan)));
  }

  /** The process id of a program that runs now. */
  pidOf(name: string): number | undefined {
    return this.#running.get(name)?.pid;
  }

  /** Stops everything, group by group. Nothing can be started afterwards. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  /** Ends everything at once. */
  kill(): void {
    this.#stopped.abort();
    for (const child of this.#running.values()) child.kill();
  }

  async #stop(): Promise<void> {
    this.#stopped.abort();
    for (const group of this.#groups.toReversed()) {
      const running = group.flatMap(({ name }) => this.#running.get(name) ?? []);
      await Promise.all(running.map((child) => child.stop(this.#options.graceMs)));
    }
    for (const log of this.#logs.values()) log.close();
  }

  async #startFirst(plan: ProcessPlan): Promise<void> {
    const { logFolder, onLine, readyTimeoutMs } = this.#options;
    const log = new ProcessLog(logFolder, plan.name, onLine && ((line) => onLine(plan.name, line)));
    this.#logs.set(plan.name, log);
    const child = this.#spawn(plan, log);
    const outcome = await child.waitUntilReady(readyTimeoutMs);
    if (outcome === 'ready') {
      void this.#keepRunning(child, log);
      return;
    }
    const how =
      outcome === 'timeout' ? `was not ready within ${readyTimeoutMs / 1000} s` : `ended (${outcome.ended})`;
    if (outcome === 'timeout') child.kill();
    throw new ProcessStartError(`${plan.name} ${how}. ${lastWords(log)}`);
  }

  #spawn(plan: ProcessPlan, log: ProcessLog): ManagedProcess {
    const { name } = plan;
    const child = new ManagedProcess(plan, log);
    this.#running.set(name, child);
    if (child.pid !== undefined) this.#options.record.set(name, child.pid);
    void this.#forgetWhenEnded(child);
    return child;
  }

  async #forgetWhenEnded(child: ManagedProcess): Promise<void> {
    const { name } = child.plan;
    await child.ended;
    if (this.#running.get(name) !== child) return;
    this.#running.delete(name);
    this.#options.record.delete(name);
  }

  async #keepRunning(first: ManagedProcess, log: ProcessLog): Promise<void> {
    const { plan } = first;
    const { report, readyTimeoutMs, firstBackoffMs } = this.#options;
    let child = first;
    let startedAt = performance.now();
    for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, longestBackoffMs)) {
      const ending = await child.ended;
      if (this.#stopped.signal.aborted) return;
      if (performance.now() - startedAt > steadyMs) backoffMs = firstBackoffMs;
      report(
        `✗ ${plan.name} ended (${ending}) and is started again in ${backoffMs / 1000} s. ${lastWords(log)}`,
      );
      await sleep(backoffMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      startedAt = performance.now();
      child = this.#spawn(plan, log);
      const outcome = await child.waitUntilReady(readyTimeoutMs);
      if (outcome === 'ready') report(`✓ ${plan.name} works again`);
      else if (outcome === 'timeout') child.kill();
    }
  }
}

function lastWords(log: ProcessLog): string {
  const lines = log.lastLines.map((line) => `    ${line}`);
  return lines.length === 0
    ? 'It said nothing.'
    : `Its last words (all of them: ${log.file}):\n${lines.join('\n')}`;
}
