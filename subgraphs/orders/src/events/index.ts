import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { onBillingSubscription } from './billing-subscription.js';
import { onDeployment } from './deployment.js';
import { onFulfillmentStep } from './fulfillment-step.js';
import { onGrant } from './grant.js';
import { onLead } from './lead.js';
import { onPartner } from './partner.js';
import { onTestClock } from './test-clock.js';

/** What orders does with each topic that it consumes. */
export const handlers: EventHandlers<UnitOfWork> = {
  'orders.lead': onLead,
  'partners.partner': onPartner,
  'partners.grant': onGrant,
  'subscriptions.billing-subscription': onBillingSubscription,
  'subscriptions.fulfillment-step': onFulfillmentStep,
  'subscriptions.test-clock': onTestClock,
  'subscriptions.grant': onGrant,
  'licenses.deployment': onDeployment,
  'licenses.fulfillment-step': onFulfillmentStep,
};
