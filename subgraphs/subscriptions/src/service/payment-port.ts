import type { Money } from '@fulfillment/kernel/domain/money';

/** A charge to be made, or asked about. */
export interface ChargeRequest {
  /** However often a charge is asked for with the same key, the customer is charged once. */
  readonly idempotencyKey: string;
  readonly amount: Money;
  readonly paymentMethodToken: string;
}

/**
 * What became of a charge. PENDING: the provider did not answer in time, or has not decided; ask again later.
 * UNKNOWN: the provider never heard of it; it can be asked for again.
 */
export type ChargeOutcome =
  | { readonly status: 'SUCCEEDED'; readonly reference: string }
  | { readonly status: 'DECLINED'; readonly reason: string }
  | { readonly status: 'PENDING' }
  | { readonly status: 'UNKNOWN' };

/** Collecting through the payment port. */
export interface ChargePort {
  charge(request: ChargeRequest): Promise<ChargeOutcome>;
  /** What became of a charge that was asked for before. */
  find(request: ChargeRequest): Promise<ChargeOutcome>;
}

/** Money of a charge to be given back, or asked about. */
export interface RefundRequest {
  /** However often a refund is asked for with the same key, the money goes back once. */
  readonly idempotencyKey: string;
  /** The provider's reference of the charge. */
  readonly chargeReference: string;
  /** All of the charge or a part of it. */
  readonly amount: Money;
}

/** What became of a refund: as of a charge. */
export type RefundOutcome = ChargeOutcome;

/** Giving back through the payment port. */
export interface RefundPort {
  refund(request: RefundRequest): Promise<RefundOutcome>;
  /** What became of a refund that was asked for before. */
  findRefund(request: RefundRequest): Promise<RefundOutcome>;
}

/** The payment port. It is called outside of any transaction, and never throws for what a provider may answer. */
export interface PaymentPort extends ChargePort, RefundPort {}
