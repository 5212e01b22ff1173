import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { receiveOrder } from '../service/receive-order.js';

/** `orders.order`: an order that was placed is carried out; how it went on in orders is nothing new here. */
export const handleOrder: NonNullable<EventHandlers<UnitOfWork>['orders.order']> = async (order, work) => {
  if (order.status === 'PLACED') await receiveOrder(work, order);
};
