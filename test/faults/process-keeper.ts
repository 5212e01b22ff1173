import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessGroup, ProcessName } from '../kit/process-group.js';

const looksMs = 50;

/**
 * Keeps one process running, as the supervisor of production does: whoever ended it, it is started again, and again while
 * what it needs is down itself.
 */
export class ProcessKeeper {
  /** How often the process ended without having been killed. */
  endedByItself = 0;
  #stopped = false;
  #held = false;
  #ready = true;
  readonly #running: Promise<void>;

  /** The process runs already. */
  constructor(
    private readonly processes: ProcessGroup,
    readonly name: ProcessName,
  ) {
    this.#running = this.#keep();
  }

  /** Ends the process with SIGKILL; it is not started again before `revive`. */
  async kill(): Promise<void> {
    this.#held = true;
    this.#ready = false;
    await this.processes.stop(this.name, 'SIGKILL');
  }

  /** Lets the process be started again, and waits until it is ready. */
  async revive(): Promise<void> {
    this.#held = false;
    while (!this.#ready) await sleep(looksMs);
  }

  /** Leaves the process alone from now on; it runs. */
  async stop(): Promise<void> {
    await this.revive();
    this.#stopped = true;
    await this.#running;
  }

  async #keep(): Promise<void> {
    while (!this.#stopped) {
      if (!this.#held && this.processes.pid(this.name) === undefined) await this.#start();
      await sleep(looksMs);
    }
  }

  async #start(): Promise<void> {
    // Not ready although nobody killed it: it has ended by itself, or could not start.
    if (this.#ready) this.endedByItself += 1;
    this.#ready = false;
    const isUp = await this.processes.start(this.name).then(
      () => true,
      () => false,
    );
    // One that runs and was not ready in time is begun afresh.
    if (!isUp) await this.processes.stop(this.name, 'SIGKILL');
    this.#ready = isUp && !this.#held;
  }
}
