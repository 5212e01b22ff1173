import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { UnitOfWork } from '../service/ports.js';
import { takeSubscription } from '../service/take-subscription.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['subscriptions.billing-subscription']>;

/** A subscription was created, changed or renewed: its deployment gets entitlements and a license. */
export const onBillingSubscription: Handler = (payload, unit, event) =>
  takeSubscription(unit, payload, { version: event.sequence, recordedAt: new Date(event.occurredAt) });
