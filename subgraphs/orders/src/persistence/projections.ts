import {
  emptyTable,
  type Projections,
  removeAggregates,
  removeGrants,
} from '@fulfillment/kernel/server/messaging/projections';
import { resetTestClocks } from '@fulfillment/kernel/server/test-clocks';

/** How to empty what orders keeps of others' events. */
export const projections: Projections = {
  'partners.partner': emptyTable('known_partner'),
  'partners.grant': removeGrants,
  'subscriptions.billing-subscription': emptyTable('known_subscription'),
  'subscriptions.fulfillment-step': removeAggregates('fulfillment_step'),
  'subscriptions.test-clock': resetTestClocks,
  'subscriptions.grant': removeGrants,
  'licenses.deployment': emptyTable('known_deployment'),
  'licenses.fulfillment-step': removeAggregates('fulfillment_step'),
};
