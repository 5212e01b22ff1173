import { cancelled, ServiceFailure } from './failure.js';
import type { CallService, ServiceRequest } from './service-call.js';

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
export function queueing<Answer>(
  call: CallService<Answer>,
  rules: QueueRules = usualQueueRules,
): { readonly call: CallService<Answer>; readonly level: () => QueueLevel } {
  /** In the order in which they came; each starts one who waits. */
  const queue = new Set<() => void>();
  let underWay = 0;

  const turn = (request: ServiceRequest): Promise<void> => {
    if (queue.size >= rules.waiting) {
      throw new ServiceFailure('SERVICE_UNAVAILABLE', `${queue.size} requests wait already`, {
        notAsked: true,
      });
    }
    return new Promise<void>((start, fail) => {
      queue.add(start);
      request.cancellation.onCancel((reason) => {
        queue.delete(start);
        fail(cancelled(reason, { notAsked: true }));
      });
    });
  };

  /** Hands the turn to the next who still waits. */
  const passOn = () => {
    const [next] = queue;
    if (next === undefined) {
      underWay -= 1;
      return;
    }
    queue.delete(next);
    next();
  };

  return {
    level: () => ({ underWay, waiting: queue.size }),
    call: async (request) => {
      if (underWay < rules.concurrency) underWay += 1;
      else await turn(request);
      try {
        return await call(request);
      } finally {
        passOn();
      }
    },
  };
}
