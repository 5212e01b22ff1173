import type { Receiver } from '@fulfillment/kernel/server/bus/bus';

/** A consumer that takes events alone, what comes together one after the other. */
export function eventReceiver(deliver: Receiver['deliver']): Receiver {
  return {
    deliver,
    deliverTogether: async (events) => {
      for (const event of events) await deliver(event);
    },
    obey: async () => undefined,
  };
}
