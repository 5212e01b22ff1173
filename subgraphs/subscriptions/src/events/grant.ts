import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';

/** `orders.grant` and `partners.grant`: who may see what, as others say. */
export const handleGrant: NonNullable<EventHandlers<UnitOfWork>['orders.grant']> = (grant, work) =>
  work.grants.put(grant);
