import type { BillingSubscriptionVersion, InvoiceLine } from './__generated__/resolvers.js';

/** The parent of Account's resolvers; a reference alone will do. */
export interface AccountMapper {
  readonly id: string;
}

/** The parent of BillingSubscription's resolvers; a reference alone will do. */
export interface BillingSubscriptionMapper {
  readonly id: string;
}

/** The parent of BillingSubscriptionVersion's resolvers. */
export type BillingSubscriptionVersionMapper = Omit<BillingSubscriptionVersion, 'order' | 'items'> & {
  readonly subscriptionId: string;
  readonly orderId: string | null;
};

/** The parent of Invoice's resolvers; a reference alone will do. */
export interface InvoiceMapper {
  readonly id: string;
}

/** The parent of InvoiceLine's resolvers. */
export type InvoiceLineMapper = Omit<InvoiceLine, 'subscription'> & { readonly subscriptionId: string };

/** The parent of Order's resolvers; a reference alone will do. */
export interface OrderMapper {
  readonly id: string;
}
