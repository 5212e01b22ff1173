import type { OrderLine, CreateSubscriptionAction, Offer, Entitlements } from './__generated__/resolvers.js';

/** The parent of Account's resolvers; a reference alone will do. */
export interface AccountMapper {
  readonly id: string;
}

/** The parent of Product's resolvers; a reference alone will do. */
export interface ProductMapper {
  readonly code: string;
}

/** The parent of Order's resolvers; a reference alone will do. */
export interface OrderMapper {
  readonly id: string;
}

/** The parent of OrderLine's resolvers. */
export type OrderLineMapper = Omit<OrderLine, 'product'> & { readonly productCode: string };

/** The parent of CreateSubscriptionAction's resolvers. */
export type CreateSubscriptionActionMapper = Omit<
  CreateSubscriptionAction,
  'subscription' | 'deployment' | 'plan'
> & { readonly subscriptionId: string | null; readonly deploymentId: string; readonly planCode: string };

/** The parent of Offer's resolvers. */
export type OfferMapper = Omit<Offer, 'product' | 'listPrice' | 'unlocks'> & { readonly productCode: string };

/** A reference to Entitlements, with the facts that offers require. */
export type EntitlementsMapper = Pick<Entitlements, 'deploymentId'> &
  Partial<Pick<Entitlements, 'planCode'>> & {
    readonly seats?: { readonly purchased: number; readonly used: number };
  };

/** The parent of Partner's resolvers; a reference alone will do. */
export interface PartnerMapper {
  readonly id: string;
}
