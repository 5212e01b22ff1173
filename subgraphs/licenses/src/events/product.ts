import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { projectProduct } from '../service/projection.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['orders.product']>;

/** A product of the price list changed what it unlocks. */
export const onProduct: Handler = (payload, unit, event) =>
  unit.products.put(
    projectProduct(payload, { version: event.sequence, recordedAt: new Date(event.occurredAt) }),
  );
