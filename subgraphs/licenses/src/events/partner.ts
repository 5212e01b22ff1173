import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['partners.partner']>;

/** Which account is a partner's: nobody there is sent what the partner's customers are. */
export const onPartner: Handler = ({ id, accountId }, { contacts }, event) =>
  contacts.putPartner({ id, accountId }, event.sequence);
