import { emptyTable, type Projections, removeGrants } from '@fulfillment/kernel/server/messaging/projections';

/** How to empty what subscriptions keeps of others' events; orders themselves are carried out, not kept. */
export const projections: Projections = {
  'orders.account': emptyTable('account'),
  'orders.grant': removeGrants,
  'partners.partner': emptyTable('partner'),
  'partners.grant': removeGrants,
  'licenses.seat-usage': emptyTable('seat_usage', 'waiting_seat_usage'),
};
