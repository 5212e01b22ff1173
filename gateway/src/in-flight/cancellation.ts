/** Why work is not wanted any more: its time is over, or nobody waits for it. */
export type CancelReason = 'deadline' | 'abandoned';

/** Told once why work is not wanted any more. */
export type OnCancel = (reason: CancelReason) => void;

/**
 * Tells work to stop, or those who work for a client that it has gone. It costs a fraction of an AbortSignal, of which
 * one request would need many; whoever takes an AbortSignal to look at may be given one of these.
 */
export class Cancellation {
  private why: CancelReason | undefined;
  private readonly listeners: OnCancel[] = [];

  /** Undefined while the work is wanted. */
  get reason(): CancelReason | undefined {
    return this.why;
  }

  get aborted(): boolean {
    return this.why !== undefined;
  }

  /** @throws Cancelled when the work is not wanted any more */
  throwIfAborted(): void {
    if (this.why !== undefined) throw new Cancelled(this.why);
  }

  /** The first reason counts; later ones change nothing. */
  cancel(reason: CancelReason): void {
    if (this.why !== undefined) return;
    this.why = reason;
    for (const listener of this.listeners.splice(0)) listener(reason);
  }

  /** The listener is called at once when it was cancelled already. */
  onCancel(listener: OnCancel): void {
    if (this.why === undefined) this.listeners.push(listener);
    else listener(this.why);
  }

  offCancel(listener: OnCancel): void {
    const index = this.listeners.indexOf(listener);
    if (index !== -1) this.listeners.splice(index, 1);
  }
}

/** What work that was cancelled ends with. */
export class Cancelled extends Error {
  override name = 'Cancelled';

  constructor(readonly reason: CancelReason) {
    super(reason === 'deadline' ? 'The time is over' : 'Nobody waits for it any more');
  }
}
