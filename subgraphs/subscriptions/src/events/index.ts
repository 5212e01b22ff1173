import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { TogetherHandlers } from '@fulfillment/kernel/server/messaging/inbox-together';
import type { UnitOfWork } from '../service/ports.js';
import { handleAccount } from './account.js';
import { handleCheckout } from './checkout.js';
import { handleCommission } from './commission.js';
import { handleDueWork } from './due-work.js';
import { handleGrant } from './grant.js';
import { handleOrder } from './order.js';
import { handlePartner } from './partner.js';
import { handlePendingPayment } from './pending-payment.js';
import { handleSeatUsage, handleSeatUsages } from './seat-usage.js';

/** What this service does with each event that it consumes. */
export const handlers: EventHandlers<UnitOfWork> = {
  'orders.account': handleAccount,
  'orders.order': handleOrder,
  'orders.checkout': handleCheckout,
  'orders.grant': handleGrant,
  'partners.commission-earned': handleCommission,
  'subscriptions.due-work': handleDueWork,
  'subscriptions.pending-payment': handlePendingPayment,
  'partners.partner': handlePartner,
  'partners.grant': handleGrant,
  'licenses.seat-usage': handleSeatUsage,
};

/** What it does with several events at once. */
export const together: TogetherHandlers<UnitOfWork> = { 'licenses.seat-usage': handleSeatUsages };
