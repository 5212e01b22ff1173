import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { takeSeatUsage } from '../service/take-seat-usage.js';

/** `licenses.seat-usage`: how a deployment uses its seats, by which they are reconciled. */
export const handleSeatUsage: NonNullable<EventHandlers<UnitOfWork>['licenses.seat-usage']> = (
  usage,
  work,
  event,
) => takeSeatUsage(work, usage, event.sequence);
