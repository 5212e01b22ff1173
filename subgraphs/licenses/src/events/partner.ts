import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import { addressIdOf } from '../domain/delivery.js';
import type { UnitOfWork } from '../service/ports.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['partners.partner']>;

/** Which account is a partner's, and where its customers write to: nobody there is sent what they are. */
export const onPartner: Handler = ({ id, accountId, contactEmail }, { contacts }, event) =>
  contacts.putPartner({ id, accountId, addressId: addressIdOf(contactEmail) }, event.sequence);
