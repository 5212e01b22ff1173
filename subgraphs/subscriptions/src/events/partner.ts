import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import { toPartner } from '../service/contract-to-domain.js';
import type { UnitOfWork } from '../service/ports.js';

/** `partners.partner`: whom a subscription shows as its seller. */
export const handlePartner: NonNullable<EventHandlers<UnitOfWork>['partners.partner']> = (partner, work) =>
  work.partners.put(toPartner(partner));
