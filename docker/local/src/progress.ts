import type { Writable } from 'node:stream';

/** A terminal, or whatever stands in for it. */
export type Terminal = Pick<Writable, 'write'> & { readonly isTTY?: boolean };

/** Tells a person how far a start has come: a line for each step, with the seconds it took. */
export class Progress {
  #transient = '';

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

  /** What is going on shows on a terminal alone: a log has no use for it. */
  #show(text: string): void {
    if (!this.terminal.isTTY) return;
    this.#clear();
    this.#transient = `… ${text}`;
    this.terminal.write(this.#transient);
  }

  #clear(): void {
    if (this.#transient === '') return;
    this.#transient = '';
    this.terminal.write('\r\u001B[2K');
  }
}
