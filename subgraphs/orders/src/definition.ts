import { randomUUID } from 'node:crypto';
import { createRateTable } from '@fulfillment/kernel/domain/billing/tax/rate-table';
import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { ServiceRequest, ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import type { EntitySchema } from 'typeorm';
import { startingLeadPolicy } from './catalog/lead-policy.js';
import { startingOfferRules } from './catalog/offer-rules.js';
import { priceList } from './catalog/price-list.js';
import { localReceiver } from './crm/local-receiver.js';
import { type CheckoutSettings, localCheckout } from './environment.js';
import { handlers } from './events/index.js';
import type { Context } from './graphql/context.js';
import { createDeliveries } from './graphql/deliveries/deliveries.js';
import { createLoaders } from './graphql/loaders.js';
import { resolvers } from './graphql/resolvers/index.js';
import { simulatedPaymentPages } from './pages/simulated-payment.js';
import { checkoutEntity, simulatedPaymentEntity } from './persistence/checkout-entities.js';
import {
  accountEntity,
  contactEntity,
  priceEntity,
  priceListEntity,
  productEntity,
} from './persistence/entities.js';
import {
  knownDeploymentEntity,
  knownPartnerEntity,
  knownSubscriptionEntity,
} from './persistence/known-entities.js';
import {
  leadDeliveryEntity,
  leadEntity,
  leadEventEntity,
  leadPolicyEntity,
} from './persistence/lead-entities.js';
import { ContactHistory1764000010100 } from './persistence/migrations/contact-history.js';
import { LeadConversion1764000010101 } from './persistence/migrations/lead-conversion.js';
import { SubscriptionsByAccount1764000010102 } from './persistence/migrations/subscriptions-by-account.js';
import { Leads1764000002300 } from './persistence/migrations/leads.js';
import { Offers1764000002200 } from './persistence/migrations/offers.js';
import { OrderActions1764000002000 } from './persistence/migrations/order-actions.js';
import { OrdersTables1764000001000 } from './persistence/migrations/orders-tables.js';
import { QuotesAndCheckouts1764000002100 } from './persistence/migrations/quotes-and-checkouts.js';
import {
  featureInterestEntity,
  offerDismissalEntity,
  offerEventEntity,
  offerRuleEntity,
} from './persistence/offer-entities.js';
import {
  fulfillmentStepEntity,
  orderActionEntity,
  orderEntity,
  orderLineEntity,
} from './persistence/order-entities.js';
import { createOrderFactsStore } from './persistence/order-facts-store.js';
import { projections } from './persistence/projections.js';
import { quoteEntity, quoteEventEntity } from './persistence/quote-entities.js';
import { createReader } from './persistence/reader.js';
import { createUnitOfWork } from './persistence/unit-of-work.js';
import { completeCheckout } from './service/checkout/complete-checkout.js';
import { settleUnfinished } from './service/checkout/settle-checkout.js';
import { createSimulatedPayments } from './service/checkout/simulated-payments.js';
import { startCheckout } from './service/checkout/start-checkout.js';
import { setContact } from './service/contacts/set-contact.js';
import { loadPriceList } from './service/load-price-list.js';
import { handOverLead } from './service/leads/hand-over-lead.js';
import type { LeadReceiver } from './service/leads/ports.js';
import { requestSalesContact } from './service/leads/request-sales-contact.js';
import { installLeadPolicy, setLeadPolicy } from './service/leads/set-lead-policy.js';
import { updateLead } from './service/leads/update-lead.js';
import { dismissOffer } from './service/offers/dismiss-offer.js';
import { recordFeatureInterest } from './service/offers/record-feature-interest.js';
import { recordOfferEvents } from './service/offers/record-offer-events.js';
import { installOfferRules, saveOfferRule } from './service/offers/save-offer-rule.js';
import { openSandboxAccount } from './service/open-sandbox-account.js';
import { placeOrder } from './service/place-order.js';
import type { RunTransaction, UnitOfWork } from './service/ports.js';
import { previewOrder } from './service/preview-order.js';
import { acceptQuote } from './service/quotes/accept-quote.js';
import { createQuote } from './service/quotes/create-quote.js';
import { approveQuote, declineQuote, sendQuote } from './service/quotes/decide-quote.js';
import { reviseQuote } from './service/quotes/revise-quote.js';

/** The tax port over the published rates. */
const taxRates = createRateTable();

/** So long unfinished checkouts are left alone, and so many are carried on at once. */
const checkoutRest = 10_000;
const checkoutsAtOnce = 100;

/** The orders service, wired: what the kernel turns into a process. */
export function createOrdersDefinition(
  checkout: CheckoutSettings,
  leadReceiver: LeadReceiver = localReceiver,
): ServiceDefinition<UnitOfWork, Context> {
  return {
    ...common,
    periodic: [
      {
        name: 'checkouts',
        failure: 'Checkouts could not be carried on',
        milliseconds: checkoutRest,
        run: ({ transaction }) => settleUnfinished(settling(transaction, checkout), checkoutsAtOnce),
      },
    ],
    handOn: {
      'orders.lead': (lead, run, { sequence }) => handOverLead(leadReceiver, run, lead, sequence),
    },
    createUnitOfWork: (scope) => createUnitOfWork(scope, { newId: randomUUID, taxRates, leadReceiver }),
    createContext: (request) => createContext(request, checkout),
  };
}

function settling(run: RunTransaction, { pageOrigin }: CheckoutSettings) {
  return { run, payments: createSimulatedPayments(run, pageOrigin) };
}

const common: Omit<ServiceDefinition<UnitOfWork, Context>, 'createContext' | 'createUnitOfWork'> = {
  name: 'orders',
  entities: [
    accountEntity,
    contactEntity,
    priceListEntity,
    productEntity,
    priceEntity,
    orderEntity,
    orderActionEntity,
    orderLineEntity,
    fulfillmentStepEntity,
    knownPartnerEntity,
    knownSubscriptionEntity,
    knownDeploymentEntity,
    quoteEntity,
    quoteEventEntity,
    checkoutEntity,
    simulatedPaymentEntity,
    offerRuleEntity,
    offerDismissalEntity,
    featureInterestEntity,
    offerEventEntity,
    leadEntity,
    leadEventEntity,
    leadDeliveryEntity,
    leadPolicyEntity,
  ] as EntitySchema[],
  migrations: [
    OrdersTables1764000001000,
    OrderActions1764000002000,
    QuotesAndCheckouts1764000002100,
    Offers1764000002200,
    Leads1764000002300,
    ContactHistory1764000010100,
    LeadConversion1764000010101,
    SubscriptionsByAccount1764000010102,
  ],
  resolvers,
  handlers,
  projections,
  prepare: (transaction) =>
    transaction(async (unit) => {
      await loadPriceList(unit, priceList);
      await installOfferRules(unit, startingOfferRules);
      await installLeadPolicy(unit, startingLeadPolicy);
    }),
  pages: simulatedPaymentPages,
};

/** As on a developer's machine. */
export const ordersDefinition = createOrdersDefinition(localCheckout);

function createContext(request: ServiceRequest<UnitOfWork>, settings: CheckoutSettings): Context {
  const { viewer, receivedAt, clock, freshness, manager, transaction, bus } = request;
  const reader = createReader(manager, viewer, receivedAt);
  const asking = { viewer, receivedAt };
  const checkout = { ...settling(transaction, settings), returnOrigins: settings.returnOrigins };
  return {
    viewer,
    reader,
    loaders: createLoaders({ reader, clock, taxRates, freshness }),
    deliveries: createDeliveries(transaction, bus),
    today: async () => localDateAt(await clock.now(null), 'UTC'),
    now: (accountId) => clock.now(accountId),
    previewOrder: (order) =>
      previewOrder({ facts: createOrderFactsStore(manager), clock, taxRates }, asking, order),
    placeOrder: (order) => placeOrder(transaction, asking, order),
    openSandboxAccount: (account) => openSandboxAccount(transaction, asking, account),
    setContact: (contact) => setContact(transaction, asking, contact),
    createQuote: (quote) => createQuote(transaction, asking, quote),
    reviseQuote: (quote) => reviseQuote(transaction, asking, quote),
    approveQuote: (decision) => approveQuote(transaction, asking, decision),
    sendQuote: (quote) => sendQuote(transaction, asking, quote),
    acceptQuote: (quote) => acceptQuote(transaction, asking, quote),
    declineQuote: (quote) => declineQuote(transaction, asking, quote),
    startCheckout: (order) => startCheckout(checkout, asking, order),
    completeCheckout: (request) => completeCheckout(checkout, asking, request),
    requestSalesContact: (contact) => requestSalesContact(transaction, asking, contact),
    updateLead: (lead) => updateLead(transaction, asking, lead),
    setLeadPolicy: (policy) => setLeadPolicy(transaction, asking, policy),
    saveOfferRule: (rule) => saveOfferRule(transaction, asking, rule),
    dismissOffer: (offer) => dismissOffer(transaction, asking, offer),
    recordOfferEvents: (events) => recordOfferEvents(transaction, asking, events),
    recordFeatureInterest: (interest) => recordFeatureInterest(transaction, asking, interest),
  };
}
