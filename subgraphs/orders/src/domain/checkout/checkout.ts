import type { ContactPersonInput } from '../account/contact.js';
import type { FrozenDraft } from '../quote/frozen-draft.js';
import type { QuotedRequest } from '../quote/quote.js';
import type { CheckoutError } from './errors.js';
import { checkoutAfter, type CheckoutStatus, type CheckoutStep } from './lifecycle.js';

/** An order that is placed when it has been paid for, on the page of a payment provider. */
export interface Checkout {
  /** Also what the payment provider knows the payment by: for one checkout it takes money once. */
  readonly id: string;
  readonly status: CheckoutStatus;
  /** Who buys, and pays. */
  readonly accountId: string;
  readonly request: QuotedRequest & {
    /** The offer that led to it. */
    readonly offerId?: string | null;
    /** Who receives the account's licenses from the placing of the order on; left out, that stays as it is. */
    readonly soldToContact?: ContactPersonInput | null;
  };
  readonly draft: FrozenDraft;
  /** Where the buyer is sent after paying. */
  readonly returnUrl: string;
  /** Where the buyer pays; null until the provider has said so. */
  readonly url: string | null;
  /** The first instant at which it can no longer be paid, by the system's clock. */
  readonly expiresAt: Date;
  readonly createdAt: Date;
  /** The subject of the buyer's token. */
  readonly createdBy: string;
  /** The provider's own reference of the payment, once it has succeeded. */
  readonly paymentReference: string | null;
  readonly orderId: string | null;
  /** Why there is no order, or none any more. */
  readonly problem: CheckoutError | null;
  /** From 1, with every change of the status. */
  readonly version: number;
}

/** What a step brings along. */
export type CheckoutChange = Partial<Pick<Checkout, 'paymentReference' | 'orderId' | 'problem'>>;

/** A checkout after a step. Throws when the step cannot happen to it: the caller holds it and has looked. */
export function checkoutWith(checkout: Checkout, step: CheckoutStep, change: CheckoutChange = {}): Checkout {
  const status = checkoutAfter(checkout.status, step);
  if (status === null)
    throw new Error(`${step} cannot happen to checkout ${checkout.id}, ${checkout.status}`);
  return { ...checkout, ...change, status, version: checkout.version + 1 };
}
