import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { AddProductAction } from './AddProductAction.js';
import { CancelAction } from './CancelAction.js';
import { ChangePlanAction } from './ChangePlanAction.js';
import { ChangeQuantityAction } from './ChangeQuantityAction.js';
import { ChangeTermsAction } from './ChangeTermsAction.js';
import { ConvertTrialAction } from './ConvertTrialAction.js';
import { CreateSubscriptionAction } from './CreateSubscriptionAction.js';
import { ExtendTrialAction } from './ExtendTrialAction.js';
import { RemoveProductAction } from './RemoveProductAction.js';
import { RenewAction } from './RenewAction.js';
import { TransferOwnerAction } from './TransferOwnerAction.js';
import { Contact } from './Contact.js';
import { Checkout } from './Checkout.js';
import { Entitlements } from './Entitlements.js';
import { acceptQuote } from './Mutation/acceptQuote.js';
import { approveQuote } from './Mutation/approveQuote.js';
import { completeCheckout } from './Mutation/completeCheckout.js';
import { createQuote } from './Mutation/createQuote.js';
import { declineQuote } from './Mutation/declineQuote.js';
import { Lead } from './Lead.js';
import { LeadEvent } from './LeadEvent.js';
import { dismissOffer } from './Mutation/dismissOffer.js';
import { openSandboxAccount } from './Mutation/openSandboxAccount.js';
import { placeOrder } from './Mutation/placeOrder.js';
import { recordFeatureInterest } from './Mutation/recordFeatureInterest.js';
import { recordOfferEvents } from './Mutation/recordOfferEvents.js';
import { rebuildProjection } from './Mutation/rebuildProjection.js';
import { redeliverEvents } from './Mutation/redeliverEvents.js';
import { requestSalesContact } from './Mutation/requestSalesContact.js';
import { reviseQuote } from './Mutation/reviseQuote.js';
import { saveOfferRule } from './Mutation/saveOfferRule.js';
import { sendQuote } from './Mutation/sendQuote.js';
import { setContact } from './Mutation/setContact.js';
import { setLeadPolicy } from './Mutation/setLeadPolicy.js';
import { startCheckout } from './Mutation/startCheckout.js';
import { updateLead } from './Mutation/updateLead.js';
import { Offer } from './Offer.js';
import { OfferPrice } from './OfferPrice.js';
import { OfferRule } from './OfferRule.js';
import { Order } from './Order.js';
import { OrderLine } from './OrderLine.js';
import { Partner } from './Partner.js';
import { Product } from './Product.js';
import { account } from './Query/account.js';
import { accounts } from './Query/accounts.js';
import { checkout } from './Query/checkout.js';
import { failedDeliveries } from './Query/failedDeliveries.js';
import { lead } from './Query/lead.js';
import { leadPolicy } from './Query/leadPolicy.js';
import { leads } from './Query/leads.js';
import { offerFunnel } from './Query/offerFunnel.js';
import { offerRules } from './Query/offerRules.js';
import { order } from './Query/order.js';
import { orders } from './Query/orders.js';
import { previewOrder } from './Query/previewOrder.js';
import { products } from './Query/products.js';
import { projectionRebuilds } from './Query/projectionRebuilds.js';
import { quote } from './Query/quote.js';
import { quotes } from './Query/quotes.js';
import { Quote } from './Quote.js';

export const resolvers: Resolvers = {
  Query: {
    account,
    accounts,
    checkout,
    lead,
    leadPolicy,
    leads,
    offerFunnel,
    offerRules,
    order,
    orders,
    previewOrder,
    products,
    quote,
    quotes,
    failedDeliveries,
    projectionRebuilds,
  },
  Mutation: {
    openSandboxAccount,
    setContact,
    placeOrder,
    createQuote,
    reviseQuote,
    approveQuote,
    sendQuote,
    acceptQuote,
    declineQuote,
    startCheckout,
    completeCheckout,
    dismissOffer,
    recordFeatureInterest,
    recordOfferEvents,
    requestSalesContact,
    saveOfferRule,
    setLeadPolicy,
    updateLead,
    rebuildProjection,
    redeliverEvents,
  },
  Account,
  AddProductAction,
  CancelAction,
  ChangePlanAction,
  ChangeQuantityAction,
  ChangeTermsAction,
  ConvertTrialAction,
  CreateSubscriptionAction,
  ExtendTrialAction,
  RemoveProductAction,
  RenewAction,
  TransferOwnerAction,
  Checkout,
  Contact,
  Entitlements,
  Lead,
  LeadEvent,
  Offer,
  OfferPrice,
  OfferRule,
  Order,
  OrderLine,
  Partner,
  Product,
  Quote,
};
