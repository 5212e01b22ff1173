import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { handleAccount } from './account.js';
import { handleCheckout } from './checkout.js';
import { handleCommission } from './commission.js';
import { handleGrant } from './grant.js';
import { handleOrder } from './order.js';
import { handleSeatUsage } from './seat-usage.js';

/** What this service does with each event that it consumes. */
export const handlers: EventHandlers<UnitOfWork> = {
  'orders.account': handleAccount,
  'orders.order': handleOrder,
  'orders.checkout': handleCheckout,
  'orders.grant': handleGrant,
  'partners.commission-earned': handleCommission,
  'partners.grant': handleGrant,
  'licenses.seat-usage': handleSeatUsage,
};
