import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { toKnownSubscription } from '../service/known.js';
import type { UnitOfWork } from '../service/ports.js';

/** What was agreed, and may be changed by an order. */
export function onBillingSubscription(
  payload: BillingSubscriptionPayload,
  { projections }: UnitOfWork,
  { sequence }: Pick<EventEnvelope, 'sequence'>,
): Promise<void> {
  return projections.putSubscription(toKnownSubscription(payload, sequence));
}
