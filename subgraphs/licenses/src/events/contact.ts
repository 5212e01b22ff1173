import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { takeContact } from '../service/take-contact.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['orders.contact']>;

/** Somebody at an account receives its licenses, or no longer does. */
export const onContact: Handler = (payload, unit, event) => takeContact(unit, payload, event.sequence);
