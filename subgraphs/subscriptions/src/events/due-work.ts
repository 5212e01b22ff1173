import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import { doDueWork } from '../service/due-work.js';
import type { UnitOfWork } from '../service/ports.js';

/** `subscriptions.due-work`: something that came due, and failed together with the rest, is tried alone. */
export const handleDueWork: NonNullable<EventHandlers<UnitOfWork>['subscriptions.due-work']> = (due, work) =>
  doDueWork(work, due);
