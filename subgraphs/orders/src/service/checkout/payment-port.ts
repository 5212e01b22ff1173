import type { Money } from '@fulfillment/kernel/domain/money';

/** A payment to be made on the provider's page. */
export interface PaymentRequest {
  /** Our own reference: however often a page is asked for with the same one, it is one page, and one charge at the most. */
  readonly reference: string;
  readonly amount: Money;
  /** Where the page sends the buyer afterwards. It says nothing of how the payment went. */
  readonly returnUrl: string;
  /** From this instant on the page takes no payment. */
  readonly expiresAt: Date;
}

/** UNANSWERED: the provider did not answer in time; ask again. */
export type OpenedPage =
  { readonly status: 'OPENED'; readonly url: string } | { readonly status: 'UNANSWERED' };

/**
 * How a payment went. PENDING: nobody has paid yet, or the provider has not decided, or did not answer in time; ask again.
 * EXPIRED and DECLINED are final: nothing is charged any more. UNKNOWN: the provider never heard of it.
 */
export type PaymentOutcome =
  | { readonly status: 'SUCCEEDED'; readonly providerReference: string }
  | { readonly status: 'DECLINED'; readonly reason: string }
  | { readonly status: 'EXPIRED' | 'PENDING' | 'UNKNOWN' };

/** UNANSWERED: ask again; the money is given back once. */
export type RefundOutcome = { readonly status: 'REFUNDED' | 'UNANSWERED' };

/**
 * The payment port of checkout: a provider with a page of its own on which the buyer pays. It is called outside of any
 * transaction, every call can be repeated, and none throws for what a provider may answer.
 */
export interface PaymentPort {
  openPage(request: PaymentRequest): Promise<OpenedPage>;
  outcomeOf(reference: string): Promise<PaymentOutcome>;
  /** Gives back all of a payment that succeeded. */
  refund(reference: string): Promise<RefundOutcome>;
}
