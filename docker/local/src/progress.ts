import type { Writable } from 'node:stream';

/** A terminal, or whatever stands in for it. */
export type Terminal = Pick<Writable, 'write'> & { readonly isTTY?: boolean };

/** A log is told this often how far a long step is. */
const logEveryMs = 10_000;

/** Tells a person how far a start has come: a line for each step, with the seconds it took. */
export class Progress {
  #transient = '';
  #toldAt = 0;

  constructor(private readonly terminal: Terminal) {}

  /**
   * Shows a step while it is done, then its result with a tick.
   * @param label what is being done, for example `PostgreSQL`
   * @param work may tell how far it is; resolves to the line to show in place of the label
   */
  async step<T>(
    label: string,
    work: (update: (text: string) => void) => Promise<T>,
    describe: (result: T) => string = () => label,
  ): Promise<T> {
    const startedAt = performance.now();
    this.#toldAt = startedAt;
    this.#show(label);
    try {
      const result = await work((text) => this.#show(`${label} ${text}`));
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      this.line(`✓ ${describe(result).padEnd(76)} ${seconds.padStart(5)} s`);
      return result;
    } catch (error) {
      this.line(`✗ ${label}`);
      throw error;
    }
  }

  /** A line that stays. */
  line(text: string): void {
    this.#clear();
    this.terminal.write(`${text}\n`);
  }

  /** What is going on shows on a terminal, each time in place of the last; a log is told of it now and then. */
  #show(text: string): void {
    if (!this.terminal.isTTY) return this.#log(text);
    this.#clear();
    this.#transient = `… ${text}`;
    this.terminal.write(this.#transient);
  }

  #log(text: string): void {
    const now = performance.now();
    if (now - this.#toldAt < logEveryMs) return;
    this.#toldAt = now;
    this.terminal.write(`… ${text}\n`);
  }

  #clear(): void {
    if (this.#transient === '') return;
    this.#transient = '';
    this.terminal.write('\r\u001B[2K');
  }
}
