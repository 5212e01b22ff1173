import type { Command } from '@fulfillment/schema/events/commands';
import type { ChangeNotice } from '@fulfillment/schema/events/cache-tags';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import type { Board } from './board.js';
import type { FailedDeliveries } from './failed-deliveries.js';

/**
 * Carries events from their producer to every consumer of their topic (`schema/events/topics.ts`), at least once each,
 * whether the consumer is running or not. A delivery that throws is retried with backoff up to a limit, then lies in a
 * dead-letter queue. What is taken in together is delivered together while all goes well. Order is not promised: versions and
 * numbers in the envelope make it unnecessary.
 */
export interface Bus {
  /** Hands events over durably: when it resolves, they survive any crash. Publishing an event again is harmless. */
  publish(events: readonly EventEnvelope[]): Promise<void>;
  /**
   * Sends events anew, to one consumer or (null) to all, whatever became of them before: a dead letter is set going
   * again with all its attempts, and what was delivered long ago comes once more, which an inbox absorbs.
   */
  redeliver(events: readonly EventEnvelope[], consumer: ServiceName | null): Promise<void>;
  /** Hands a command to one service, durably and at least once. */
  command(service: ServiceName, command: Command): Promise<void>;
  /**
   * Tells everybody who listens at this moment, and nobody else, that what was known of something no longer holds. When it
   * resolves it is on its way.
   */
  broadcast(notices: readonly ChangeNotice[]): Promise<void>;
  /** Starts to deliver to one consumer, over any loss of the connection until it is stopped. */
  consume(consumer: ServiceName, receiver: Receiver): Promise<Consumption>;
  /** What waits on the bus for a consumer. */
  backlog(consumer: ServiceName): Promise<DeliveryBacklog>;
  /** The deliveries that failed, of all consumers. */
  readonly failed: FailedDeliveries;
  /** What operations has asked for, and how far it is. */
  readonly board: Board;
  close(): Promise<void>;
}

/** How far behind a consumer is. */
export interface DeliveryBacklog {
  /** Deliveries that are to come, those included that failed and come again. */
  readonly waiting: number;
  /** Since the oldest of them was handed over; 0 when none waits. */
  readonly ageSeconds: number;
  /** Of these, the ones that have failed before. */
  readonly retrying: number;
  /** Those that were given up: dead letters. */
  readonly dead: number;
}

/** What a consumer does with what comes; to throw is to have it come again. */
export interface Receiver {
  readonly deliver: (event: unknown) => Promise<void>;
  /** Takes events of one topic in, all of them or none (`takenInTogether`); to throw is to have each come by itself. */
  readonly deliverTogether: (events: readonly unknown[]) => Promise<void>;
  readonly obey: (command: Command) => Promise<void>;
}

export interface Consumption {
  /** Takes no new delivery and waits for those in hand. */
  stop(): Promise<void>;
}
