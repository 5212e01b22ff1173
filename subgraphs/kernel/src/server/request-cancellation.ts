/** Why a request is given up: the time that its sender waits for the answer is over, or its sender is gone. */
export type CancelReason = 'DEADLINE_EXCEEDED' | 'CLIENT_GONE';

/** What a request's statements fail with when it is given up. */
export class RequestCancelled extends Error {
  override name = 'RequestCancelled';

  constructor(readonly reason: CancelReason) {
    super(reason === 'DEADLINE_EXCEEDED' ? 'The time for the answer is over.' : 'The client is gone.');
  }
}

/**
 * Whether a request goes on. It is given up only once it is known to read: what a mutation began, it finishes, whoever
 * has left.
 */
export class RequestCancellation {
  readonly #controller = new AbortController();
  #reads = false;
  #reason: CancelReason | undefined;

  /** Aborts with `RequestCancelled`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The request turned out to change nothing. */
  allow(): void {
    this.#reads = true;
    this.#abort();
  }

  /** Nobody waits for the answer any more; the first reason counts. */
  cancel(reason: CancelReason): void {
    this.#reason ??= reason;
    this.#abort();
  }

  #abort(): void {
    if (this.#reads && this.#reason !== undefined) this.#controller.abort(new RequestCancelled(this.#reason));
  }
}
