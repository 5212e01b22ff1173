import type { Money } from '@fulfillment/kernel/domain/money';

/** An attempt to collect an invoice through the payment port. */
export interface PaymentAttempt {
  /** The idempotency key of the charge, and from it the id of the payment: however often it is asked for, it is charged once. */
  readonly id: string;
  readonly invoiceId: string;
  readonly amount: Money;
  /** What the payment provider calls the customer's card or account. */
  readonly paymentMethodToken: string;
  readonly startedAt: Date;
}

/** How an attempt to collect or to give back ended. Never changed; an attempt without one is pending. */
export interface AttemptOutcome {
  readonly attemptId: string;
  readonly status: 'SUCCEEDED' | 'DECLINED';
  /** The provider's reference of the charge or the refund, or its reason for declining. */
  readonly detail: string;
  readonly settledAt: Date;
}
