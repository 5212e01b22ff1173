import type { TransactionScope } from '@fulfillment/kernel/server/service';
import { putGrant } from '@fulfillment/kernel/server/visibility/grants';
import type { Work } from '../service/ports.js';
import { createAccountStore } from './account-store.js';
import { createAnnouncements } from './announcements.js';
import { createInvoiceStore } from './invoice-store.js';
import { createOrderOutcomeStore, createWaitingOrderStore } from './order-store.js';
import { createSubscriptionStore } from './subscription-store.js';

/** The stores and events of one transaction. */
export function createUnitOfWork({ manager, events, clock }: TransactionScope): Work {
  return {
    accounts: createAccountStore(manager),
    subscriptions: createSubscriptionStore(manager),
    invoices: createInvoiceStore(manager),
    waitingOrders: createWaitingOrderStore(manager),
    orderOutcomes: createOrderOutcomeStore(manager),
    grants: { put: (grant) => putGrant(manager, grant) },
    announcements: createAnnouncements(events),
    clock,
  };
}
