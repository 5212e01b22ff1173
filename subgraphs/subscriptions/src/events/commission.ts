import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import { bookCommission } from '../service/book-commission.js';
import type { UnitOfWork } from '../service/ports.js';

/** `partners.commission-earned`: goes into the books. */
export const handleCommission: NonNullable<EventHandlers<UnitOfWork>['partners.commission-earned']> = (
  commission,
  work,
) => bookCommission(work, commission);
