import type { CancelReason, Cancellation } from '../in-flight/cancellation.js';
import { cancelled, ServiceFailure } from './failure.js';

export interface QueueRules {
  /** Requests that are under way to the service at a time. */
  readonly concurrency: number;
  /** Requests that may wait for their turn; more fail at once. */
  readonly waiting: number;
}

export const usualQueueRules: QueueRules = { concurrency: 128, waiting: 512 };

/** How many requests to a service are under way and waiting. */
export interface QueueLevel {
  readonly underWay: number;
  readonly waiting: number;
}

/**
 * Bounds what is under way to a service and what waits for it, first come, first served. Whoever leaves, or whose time
 * passes, does not take a turn.
 */
export class Turns {
  /** In the order in which they came; each starts one who waits. */
  private readonly queue = new Set<() => void>();
  private underWay = 0;

  constructor(private readonly rules: QueueRules = usualQueueRules) {}

  level(): QueueLevel {
    return { underWay: this.underWay, waiting: this.queue.size };
  }

  /** Takes a turn if one is free; whoever does not get one may `wait`. */
  take(): boolean {
    if (this.underWay >= this.rules.concurrency) return false;
    this.underWay += 1;
    return true;
  }

  /** Resolves when it is one's turn. Rejects with `ServiceFailure` when too many wait, or for one who leaves. */
  async wait(cancellation: Cancellation): Promise<void> {
    const { queue, rules } = this;
    if (queue.size >= rules.waiting) {
      throw new ServiceFailure('SERVICE_UNAVAILABLE', `${queue.size} requests wait already`, {
        notAsked: true,
      });
    }
    await new Promise<void>((resolve, reject) => {
      const start = () => {
        cancellation.offCancel(leave);
        resolve();
      };
      const leave = (reason: CancelReason) => {
        queue.delete(start);
        reject(cancelled(reason, { notAsked: true }));
      };
      queue.add(start);
      cancellation.onCancel(leave);
    });
  }

  /** Hands a turn that was taken to the next who still waits. */
  passOn(): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.underWay -= 1;
      return;
    }
    this.queue.delete(next);
    next();
  }
}
