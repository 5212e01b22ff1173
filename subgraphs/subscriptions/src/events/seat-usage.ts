import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { TogetherHandlers } from '@fulfillment/kernel/server/messaging/inbox-together';
import type { UnitOfWork } from '../service/ports.js';
import { takeSeatUsages } from '../service/take-seat-usage.js';

/** `licenses.seat-usage`: how a deployment uses its seats, by which they are reconciled. */
export const handleSeatUsage: NonNullable<EventHandlers<UnitOfWork>['licenses.seat-usage']> = (
  payload,
  work,
  { sequence },
) => takeSeatUsages(work, [{ payload, sequence }]);

/** Of several deployments. */
export const handleSeatUsages: NonNullable<TogetherHandlers<UnitOfWork>['licenses.seat-usage']> = (
  told,
  work,
) =>
  takeSeatUsages(
    work,
    told.map(({ payload, event: { sequence } }) => ({ payload, sequence })),
  );
