import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { receiveAccount } from '../service/receive-account.js';

/** `orders.account`: what billing has to know of an account; orders that waited for it are carried out. */
export const handleAccount: NonNullable<EventHandlers<UnitOfWork>['orders.account']> = (account, work) =>
  receiveAccount(work, account);
