import type { EventHandlers } from '@fulfillment/kernel/server/messaging/inbox';
import type { SecretMaker } from '../service/activation/ports.js';
import type { UnitOfWork } from '../service/ports.js';
import { takeSubscription } from '../service/take-subscription.js';

type Handler = NonNullable<EventHandlers<UnitOfWork>['subscriptions.billing-subscription']>;

/** A subscription was created, changed or renewed: its deployment gets entitlements and a license. */
export const onBillingSubscription =
  (secrets: SecretMaker): Handler =>
  (payload, unit, event) =>
    takeSubscription(unit, secrets, payload, {
      version: event.sequence,
      recordedAt: new Date(event.occurredAt),
    });
