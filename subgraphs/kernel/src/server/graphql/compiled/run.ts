/** Thrown inside of a run where graphql-js has to say what is the matter. */
export class Unanswerable extends Error {
  override name = 'Unanswerable';
}

/** One execution of a compiled query. */
export class Run {
  #waitsFor = 0;
  #failed = false;
  #atEnd: (() => void) | undefined;
  readonly #arguments: Record<string, unknown>[] = [];

  constructor(
    readonly context: unknown,
    /** Coerced, with defaults. */
    readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /** The arguments at a place of the query that depend on variables: they are made once. */
  once(
    place: number,
    make: (variables: Run['variables']) => Record<string, unknown>,
  ): Record<string, unknown> {
    return (this.#arguments[place] ??= make(this.variables));
  }

  /** Has what comes be taken when it comes; the run ends after it. */
  wait(promise: PromiseLike<unknown>, take: (value: unknown) => void): void {
    this.#waitsFor += 1;
    void this.#takeLater(promise, take);
  }

  /**
   * A part of the answer. Where it fails, so does the run as a whole, and what was given beside it is waited for all the same: a
   * promise that nobody waits for ends the process when it rejects.
   */
  part(complete: (value: unknown, run: Run) => unknown, value: unknown): unknown {
    try {
      return complete(value, this);
    } catch {
      this.#failed = true;
      return null;
    }
  }

  /** Resolves, with whether all went well, once nothing is waited for any more. */
  async end(): Promise<boolean> {
    if (this.#waitsFor > 0) {
      await new Promise<void>((resolve) => {
        this.#atEnd = resolve;
      });
    }
    return !this.#failed;
  }

  async #takeLater(promise: PromiseLike<unknown>, take: (value: unknown) => void): Promise<void> {
    try {
      take(await promise);
    } catch {
      this.#failed = true;
    }
    this.#leave();
  }

  #leave(): void {
    this.#waitsFor -= 1;
    if (this.#waitsFor === 0) this.#atEnd?.();
  }
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
