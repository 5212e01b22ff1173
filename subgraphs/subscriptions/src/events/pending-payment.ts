import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';

/** `subscriptions.pending-payment`: the provider was asked before, outside of any transaction (`handOn`); it may be asked again. */
export const handlePendingPayment: NonNullable<EventHandlers<UnitOfWork>['subscriptions.pending-payment']> = (
  pending,
  work,
) => work.setAside.remove(pending);
