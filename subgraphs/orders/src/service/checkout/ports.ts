import type { Money } from '@fulfillment/kernel/domain/money';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Checkout } from '../../domain/checkout/checkout.js';

export interface CheckoutStore {
  add(checkout: Checkout): Promise<void>;
  find(id: string): Promise<Checkout | null>;
  /** Null when there is none that the viewer may see at `at`. */
  findVisible(viewer: Viewer, at: Date, id: string): Promise<Checkout | null>;
  /** As it stands, locked until the transaction ends; null when there is none. */
  lock(id: string): Promise<Checkout | null>;
  /** Writes where the buyer pays, while the checkout is open. */
  saveUrl(id: string, url: string): Promise<void>;
  /** Writes its status and what has come with it. */
  save(checkout: Checkout): Promise<void>;
  /** The ids of those that have to be carried on and were left alone the longest; another process gets others. */
  claimUnfinished(now: Date, limit: number): Promise<readonly string[]>;
}

/** A payment as the simulated provider keeps it. */
export interface SimulatedPayment {
  readonly reference: string;
  readonly amount: Money;
  readonly returnUrl: string;
  readonly expiresAt: Date;
  /** What the buyer chose on the page; null until then. */
  readonly method: SimulatedMethod | null;
  readonly refundedAt: Date | null;
}

/** The test payment methods of the simulated page. */
export const simulatedMethods = ['SUCCEEDS', 'DECLINES', 'TIMES_OUT'] as const;
export type SimulatedMethod = (typeof simulatedMethods)[number];

/** What the simulated provider keeps, in a table of its own. */
export interface SimulatedPaymentStore {
  /** Keeps the first payment of a reference. */
  add(payment: SimulatedPayment): Promise<void>;
  find(reference: string): Promise<SimulatedPayment | null>;
  /** Writes the first choice; a later one changes nothing. */
  choose(reference: string, method: SimulatedMethod): Promise<void>;
  /** Writes the first refund; a later one changes nothing. */
  refund(reference: string, at: Date): Promise<void>;
}
