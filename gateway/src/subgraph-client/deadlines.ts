import type { Cancellation } from '../in-flight/cancellation.js';

/** Until when something is waited for. */
export interface Deadline {
  /** An instant of `performance.now()`, in milliseconds. */
  readonly at: number;
}

interface Pending extends Deadline {
  readonly cancellation: Cancellation;
  earlier: Pending | undefined;
  later: Pending | undefined;
}

/**
 * Deadlines that are all equally far away, so that what was begun first is over first: one timer is enough for all of them,
 * and one that is kept, as nearly all are, costs next to nothing.
 */
export class Deadlines {
  private first: Pending | undefined;
  private last: Pending | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param ms how long each is, in milliseconds */
  constructor(private readonly ms: number) {}

  /** From now on; when it is over the work is cancelled. */
  begin(cancellation: Cancellation): Deadline {
    const deadline: Pending = {
      at: performance.now() + this.ms,
      cancellation,
      earlier: this.last,
      later: undefined,
    };
    if (this.last === undefined) this.first = deadline;
    else this.last.later = deadline;
    this.last = deadline;
    this.timer ??= this.wakeIn(this.ms);
    return deadline;
  }

  /** The work has ended. */
  end(deadline: Deadline): void {
    const pending = deadline as Pending;
    const { earlier, later } = pending;
    if (earlier !== undefined) earlier.later = later;
    else if (this.first === pending) this.first = later;
    else return;
    if (later === undefined) this.last = earlier;
    else later.earlier = earlier;
    pending.earlier = undefined;
    pending.later = undefined;
  }

  private readonly cancelOverdue = (): void => {
    this.timer = undefined;
    const now = performance.now();
    for (let { first } = this; first !== undefined && first.at <= now; { first } = this) {
      this.end(first);
      first.cancellation.cancel('deadline');
    }
    if (this.first !== undefined) this.timer ??= this.wakeIn(this.first.at - now);
  };

  /** Whatever is under way keeps the process alive; this does not. */
  private wakeIn(ms: number): NodeJS.Timeout {
    return setTimeout(this.cancelOverdue, Math.ceil(ms)).unref();
  }
}
