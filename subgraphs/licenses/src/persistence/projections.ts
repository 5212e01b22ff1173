import { emptyTable, type Projections, removeGrants } from '@fulfillment/kernel/server/messaging/projections';
import { resetTestClocks } from '@fulfillment/kernel/server/test-clocks';

/** How to empty what licenses keeps of others' events; deployments and licenses are its own, and stay. */
export const projections: Projections = {
  'orders.product': emptyTable('product'),
  'orders.contact': emptyTable('contact', 'known_address'),
  'orders.grant': removeGrants,
  'subscriptions.billing-subscription': emptyTable('billing_subscription'),
  'subscriptions.test-clock': resetTestClocks,
  'subscriptions.grant': removeGrants,
  'partners.partner': emptyTable('known_partner'),
  'partners.grant': removeGrants,
};
