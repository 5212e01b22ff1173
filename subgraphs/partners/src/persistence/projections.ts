import { type Projections, removeGrants } from '@fulfillment/kernel/server/messaging/projections';

/** How to empty what partners keeps of others' events; commissions are earned, not kept. */
export const projections: Projections = {
  'orders.grant': removeGrants,
  'subscriptions.grant': removeGrants,
};
