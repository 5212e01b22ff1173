import { emptyTable, type Projections, removeGrants } from '@fulfillment/kernel/server/messaging/projections';

/** How to empty what partners keeps of others' events. */
export const projections: Projections = {
  'orders.grant': removeGrants,
  'subscriptions.grant': removeGrants,
  'subscriptions.partner-invoice-posted': emptyTable('commission'),
};
