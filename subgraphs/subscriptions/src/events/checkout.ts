import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { receiveCheckout } from '../service/receive-checkout.js';

/** `orders.checkout`: what was paid at checkout settles the invoice of its order. */
export const handleCheckout: NonNullable<EventHandlers<UnitOfWork>['orders.checkout']> = (checkout, work) =>
  receiveCheckout(work, checkout);
