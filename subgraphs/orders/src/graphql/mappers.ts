import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { Account } from '../domain/account/account.js';
import type { Contact } from '../domain/account/contact.js';
import type { Product } from '../domain/catalog/product.js';
import type { LeadEvent } from '../domain/lead/facts.js';
import type { DeploymentUsage } from '../domain/offers/facts.js';
import type { Offer } from '../domain/offers/offers.js';
import type { StoredOfferRule } from '../domain/offers/rule.js';
import type { OfferedPrice } from './offer-to-graphql.js';
import type { Checkout } from '../domain/checkout/checkout.js';
import type { PlacedLine } from '../domain/order/order.js';
import type { VisibleOrder } from '../domain/order/discretion.js';
import type { ReadLead } from '../service/leads/ports.js';
import type { Quote } from '../domain/quote/quote.js';

/** What the resolvers of each type get as their parent; the generated types use these names. */
export type AccountMapper = Account;
export type ContactMapper = Contact;
export type CheckoutMapper = Checkout;
export type OfferMapper = Offer;
export type OfferPriceMapper = OfferedPrice;
export type LeadMapper = ReadLead;
export type LeadEventMapper = LeadEvent;
export type OfferRuleMapper = StoredOfferRule;
export type OrderMapper = VisibleOrder;
export type OrderLineMapper = PlacedLine;
export type ProductMapper = Product;
export type QuoteMapper = Quote;

/** An action of an order, told apart by what it does. */
interface ActionMapper<Kind extends AgreementAction['kind']> {
  readonly id: string;
  readonly position: number;
  /** Null until it exists. */
  readonly subscription: { readonly id: string } | null;
  /** What a new subscription is for. */
  readonly deployment: { readonly id: string } | null;
  readonly change: Extract<AgreementAction, { readonly kind: Kind }>;
}
export type CreateSubscriptionActionMapper = ActionMapper<'CREATE_SUBSCRIPTION'>;
export type AddProductActionMapper = ActionMapper<'ADD_PRODUCT'>;
export type ChangeQuantityActionMapper = ActionMapper<'CHANGE_QUANTITY'>;
export type ChangePlanActionMapper = ActionMapper<'CHANGE_PLAN'>;
export type RemoveProductActionMapper = ActionMapper<'REMOVE_PRODUCT'>;
export type RenewActionMapper = ActionMapper<'RENEW'>;
export type SuspendActionMapper = ActionMapper<'SUSPEND'>;
export type ResumeActionMapper = ActionMapper<'RESUME'>;
export type CancelActionMapper = ActionMapper<'CANCEL'>;
export type TransferOwnerActionMapper = ActionMapper<'TRANSFER_OWNER'>;
export type ChangeTermsActionMapper = ActionMapper<'CHANGE_TERMS'>;
export type ExtendTrialActionMapper = ActionMapper<'EXTEND_TRIAL'>;
export type ConvertTrialActionMapper = ActionMapper<'CONVERT_TRIAL'>;

/** Types of other services: orders knows their ids, and what the gateway brings along for `upsells`. */
export interface EntitlementsMapper extends Partial<DeploymentUsage> {
  readonly deploymentId: string;
}
export interface PartnerMapper {
  readonly id: string;
}
