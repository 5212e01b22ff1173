import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { Invoice, InvoiceLine } from '../domain/invoice.js';
import type { TestClockState } from '../service/move-test-clock.js';
import type { BillingSubscription, SubscriptionVersion } from '../domain/subscription.js';

/** The parent of Account's resolvers: a reference. */
export interface AccountMapper {
  readonly id: string;
}

export type BillingSubscriptionMapper = BillingSubscription;

/** A version with the currency of its subscription. */
export interface BillingSubscriptionVersionMapper {
  readonly version: SubscriptionVersion;
  readonly currency: CurrencyCode;
}

export type InvoiceMapper = Invoice;

export type InvoiceLineMapper = InvoiceLine;

/** The parent of Order's resolvers: a reference. */
export interface OrderMapper {
  readonly id: string;
}

export type TestClockMapper = TestClockState;
