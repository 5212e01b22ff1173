import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { toKnownSubscription } from '../service/known.js';
import type { UnitOfWork } from '../service/ports.js';

/** Whether another subscription may be ordered for its deployment. */
export function onBillingSubscription(
  payload: BillingSubscriptionPayload,
  { projections }: UnitOfWork,
): Promise<void> {
  return projections.putSubscription(toKnownSubscription(payload));
}
