import { licensesTopics } from './licenses.js';
import { ordersTopics } from './orders.js';
import { partnersTopics } from './partners.js';
import { subscriptionsTopics } from './subscriptions.js';

/** Every topic of the bus with its contract. */
export const topics = { ...ordersTopics, ...subscriptionsTopics, ...licensesTopics, ...partnersTopics };

export type Topic = keyof typeof topics;

/** The services that produce and consume events. */
export const serviceNames = ['orders', 'subscriptions', 'licenses', 'partners'] as const;

export type ServiceName = (typeof serviceNames)[number];

/** Who consumes what: an event goes to each consumer of its topic, whether it is running or not. */
export const consumers: Readonly<Record<Topic, readonly ServiceName[]>> = {
  'orders.account': ['subscriptions'],
  'orders.contact': ['licenses'],
  'orders.product': ['licenses'],
  'orders.order': ['subscriptions'],
  'orders.quote': [],
  'orders.checkout': ['subscriptions'],
  'orders.offer-rule': [],
  'orders.offer-dismissal': [],
  'orders.feature-interest': [],
  'orders.lead': ['orders'],
  'orders.grant': ['subscriptions', 'licenses', 'partners'],
  'subscriptions.billing-subscription': ['orders', 'licenses'],
  'subscriptions.invoice': [],
  'subscriptions.credit-memo': [],
  'subscriptions.payment': [],
  'subscriptions.write-off': [],
  'subscriptions.adjustment': [],
  'subscriptions.partner-invoice-posted': ['partners'],
  'subscriptions.reminder-sent': [],
  'subscriptions.fulfillment-step': ['orders'],
  'subscriptions.due-work': ['subscriptions'],
  'subscriptions.pending-payment': ['subscriptions'],
  'subscriptions.test-clock': ['orders', 'licenses'],
  'subscriptions.grant': ['orders', 'licenses', 'partners'],
  'licenses.deployment': ['orders'],
  'licenses.add-on-seats': [],
  'licenses.seat-usage': ['subscriptions'],
  'licenses.license': [],
  'licenses.license-delivery': ['licenses'],
  'licenses.usage-notice': ['licenses'],
  'licenses.due-work': ['licenses'],
  'licenses.allowance': [],
  'licenses.allowance-threshold': [],
  'licenses.feature-use': [],
  'licenses.entitlement-grant': [],
  'licenses.grace-ended': [],
  'licenses.fulfillment-step': ['orders'],
  'partners.partner': ['orders', 'subscriptions', 'licenses'],
  'partners.commission-earned': ['subscriptions'],
  'partners.grant': ['orders', 'subscriptions', 'licenses'],
};

/**
 * What a consumer hands on to somebody outside, who may be slow or hang: one delivery of each of these topics at a time, over all
 * processes, so that it holds up no other topic.
 */
export const handedOn: readonly Topic[] = [
  'orders.lead',
  'subscriptions.pending-payment',
  'licenses.license-delivery',
  'licenses.usage-notice',
];

/**
 * Snapshots that come by the hundred: of those that are told together, a consumer takes all that are newer than what it knows in, in one
 * transaction. Where that fails, each is delivered by itself. For copies alone, whose consumers tell nothing further of them.
 */
export const takenInTogether: readonly Topic[] = ['licenses.seat-usage'];

/**
 * What a consumer carries out instead of keeping a copy of it: there is nothing that could be dropped and built again from
 * these. Every other topic of `consumers` is a projection there, whose own `projections` say how to empty it.
 */
export const carriedOut: Readonly<Partial<Record<Topic, readonly ServiceName[]>>> = {
  'orders.order': ['subscriptions'],
  'orders.checkout': ['subscriptions'],
  'orders.lead': ['orders'],
  'subscriptions.partner-invoice-posted': ['partners'],
  'subscriptions.due-work': ['subscriptions'],
  'subscriptions.pending-payment': ['subscriptions'],
  'licenses.license-delivery': ['licenses'],
  'licenses.usage-notice': ['licenses'],
  'licenses.due-work': ['licenses'],
  'partners.commission-earned': ['subscriptions'],
};
