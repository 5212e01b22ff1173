import type { Money } from '@fulfillment/kernel/domain/money';

/**
 * Money that went back to the customer for a payment. It is taken out of the account's credit, the oldest first; what goes
 * beyond that credit is our expense. What the customer owes does not change.
 */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Money;
  /** The part that account credit paid for. */
  readonly fromCredit: Money;
  readonly refundedAt: Date;
  /** What the bank or the payment provider calls it. */
  readonly reference: string;
}

/** A part of a credit that is kept for a refund until its outcome is known: nothing else uses it meanwhile. */
export interface HeldCredit {
  readonly creditId: string;
  readonly amount: Money;
}

/** An attempt to give money back through the payment port. */
export interface RefundAttempt {
  /** The idempotency key of the refund, and its id: however often it is asked for, the money goes back once. */
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly held: readonly HeldCredit[];
  readonly startedAt: Date;
}
