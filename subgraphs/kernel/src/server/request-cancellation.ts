/** Why a request is given up: the time that its sender waits for the answer is over, or its sender is gone. */
export type CancelReason = 'DEADLINE_EXCEEDED' | 'CLIENT_GONE';

/** What a request's statements fail with when it is given up. */
export class RequestCancelled extends Error {
  override name = 'RequestCancelled';

  constructor(readonly reason: CancelReason) {
    super(reason === 'DEADLINE_EXCEEDED' ? 'The time for the answer is over.' : 'The client is gone.');
  }
}

/** Told once that a request is given up. */
export type OnGivenUp = (error: RequestCancelled) => void;

/**
 * Whether a request goes on. It is given up only once it is known to read: what a mutation began, it finishes, whoever
 * has left. It costs a fraction of an AbortSignal, of which every request would need one.
 */
export class RequestCancellation {
  readonly #listeners: OnGivenUp[] = [];
  #reads = false;
  #reason: CancelReason | undefined;
  #givenUp: RequestCancelled | undefined;

  /** @throws RequestCancelled when the request is given up */
  throwIfGivenUp(): void {
    if (this.#givenUp !== undefined) throw this.#givenUp;
  }

  /** The listener is not told of what has happened already. */
  onGivenUp(listener: OnGivenUp): void {
    this.#listeners.push(listener);
  }

  offGivenUp(listener: OnGivenUp): void {
    const index = this.#listeners.indexOf(listener);
    if (index !== -1) this.#listeners.splice(index, 1);
  }

  /** The request turned out to change nothing. */
  allow(): void {
    this.#reads = true;
    this.#giveUp();
  }

  /** Nobody waits for the answer any more; the first reason counts. */
  cancel(reason: CancelReason): void {
    this.#reason ??= reason;
    this.#giveUp();
  }

  #giveUp(): void {
    if (!this.#reads || this.#reason === undefined || this.#givenUp !== undefined) return;
    const error = new RequestCancelled(this.#reason);
    this.#givenUp = error;
    for (const listener of this.#listeners.splice(0)) listener(error);
  }
}
