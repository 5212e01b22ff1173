/** Why work is not wanted any more: its time is over, or nobody waits for it. */
export type CancelReason = 'deadline' | 'abandoned';

/**
 * Tells one piece of work to stop. A piece of work is at one place at a time (waiting, being sent), so there is one
 * thing to stop: this costs a fraction of an AbortSignal, and there is one for each request to a service.
 */
export class Cancellation {
  #reason: CancelReason | undefined;
  #stop: ((reason: CancelReason) => void) | undefined;

  /** Undefined while the work is wanted. */
  get reason(): CancelReason | undefined {
    return this.#reason;
  }

  /** The first reason counts; later ones change nothing. */
  cancel(reason: CancelReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#stop?.(reason);
  }

  /** Says how to stop what is done now, instead of what was done before; called at once when it was cancelled already. */
  onCancel(stop: (reason: CancelReason) => void): void {
    this.#stop = stop;
    if (this.#reason !== undefined) stop(this.#reason);
  }
}
