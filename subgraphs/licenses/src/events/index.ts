import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { onBillingSubscription } from './billing-subscription.js';
import { onGrant } from './grant.js';
import { onProduct } from './product.js';
import { onTestClock } from './test-clock.js';

/** What licenses does with each topic that it consumes. */
export const handlers: EventHandlers<UnitOfWork> = {
  'subscriptions.billing-subscription': onBillingSubscription,
  'subscriptions.test-clock': onTestClock,
  'orders.product': onProduct,
  'orders.grant': onGrant,
  'subscriptions.grant': onGrant,
  'partners.grant': onGrant,
};
