import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { ServiceName } from '@fulfillment/schema/events/topics';

/**
 * Carries events from their producer to every consumer of their topic (`schema/events/topics.ts`), at least once each,
 * whether the consumer is running or not. A delivery that throws is retried with backoff up to a limit, then lies in a
 * dead-letter queue. Order is not promised: versions and numbers in the envelope make it unnecessary.
 */
export interface Bus {
  /** Hands events over durably: when it resolves, they survive any crash. Publishing an event again is harmless. */
  publish(events: readonly EventEnvelope[]): Promise<void>;
  /** Starts to deliver to one consumer. */
  consume(consumer: ServiceName, deliver: (event: unknown) => Promise<void>): Promise<Consumption>;
  close(): Promise<void>;
}

export interface Consumption {
  /** Takes no new delivery and waits for those in hand. */
  stop(): Promise<void>;
}
