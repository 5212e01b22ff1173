import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { PartnersUnitOfWork } from '../service/unit-of-work.js';
import { partnerInvoicePosted } from './partner-invoice-posted.js';

/** Another service says who may see what. */
const grantReceived = (payload: GrantPayload, work: PartnersUnitOfWork): Promise<void> =>
  work.grants.receive(payload);

export const handlers: EventHandlers<PartnersUnitOfWork> = {
  'orders.grant': grantReceived,
  'subscriptions.grant': grantReceived,
  'subscriptions.partner-invoice-posted': partnerInvoicePosted,
};
