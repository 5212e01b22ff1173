import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { SecretMaker } from '../service/activation/ports.js';
import type { UnitOfWork } from '../service/ports.js';
import { onBillingSubscription } from './billing-subscription.js';
import { onContact } from './contact.js';
import { onDueWork } from './due-work.js';
import { onGrant } from './grant.js';
import { onPartner } from './partner.js';
import { onProduct } from './product.js';
import { onTestClock } from './test-clock.js';

/** What licenses does with each topic that it consumes. */
export const createHandlers = (secrets: SecretMaker): EventHandlers<UnitOfWork> => ({
  'subscriptions.billing-subscription': onBillingSubscription(secrets),
  'subscriptions.test-clock': onTestClock,
  'licenses.due-work': onDueWork,
  // It was sent before, outside of any transaction (`handOn`); taken in, it does not come again.
  'licenses.license-delivery': async () => undefined,
  'licenses.usage-notice': async () => undefined,
  'orders.product': onProduct,
  'orders.contact': onContact,
  'orders.grant': onGrant,
  'subscriptions.grant': onGrant,
  'partners.partner': onPartner,
  'partners.grant': onGrant,
});
