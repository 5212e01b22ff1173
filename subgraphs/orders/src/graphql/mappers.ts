import type { Account } from '../domain/account/account.js';
import type { Offer, SeatUsage } from '../domain/catalog/offers.js';
import type { Product } from '../domain/catalog/product.js';
import type { CreateSubscriptionAction } from '../domain/order/actions/create-subscription.js';
import type { DraftLine } from '../domain/order/judge.js';
import type { VisibleOrder } from '../domain/order/discretion.js';

/** What the resolvers of each type get as their parent; the generated types use these names. */
export type AccountMapper = Account;
export type OfferMapper = Offer;
export type OrderMapper = VisibleOrder;
export type OrderLineMapper = DraftLine;
export type ProductMapper = Product;

/** The action, and whether its subscription has been created. */
export type CreateSubscriptionActionMapper = CreateSubscriptionAction & { readonly isCarriedOut: boolean };

/** Types of other services: orders knows their ids, and what the gateway brings along for `upsells`. */
export interface EntitlementsMapper {
  readonly deploymentId: string;
  readonly planCode?: string;
  readonly seats?: SeatUsage;
}
export interface PartnerMapper {
  readonly id: string;
}
