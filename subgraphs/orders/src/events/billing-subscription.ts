import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { toKnownSubscription } from '../service/known.js';
import { convertLeadsOfTrial } from '../service/leads/convert-leads.js';
import { recordTrial } from '../service/leads/record-trial.js';
import type { UnitOfWork } from '../service/ports.js';

/** What was agreed, and may be changed by an order. A trial is a lead; one that became paid has bought. */
export async function onBillingSubscription(
  payload: BillingSubscriptionPayload,
  unit: UnitOfWork,
  { sequence, occurredAt }: Pick<EventEnvelope, 'sequence' | 'occurredAt'>,
): Promise<void> {
  const known = toKnownSubscription(payload, sequence);
  const at = new Date(occurredAt);
  await convertLeadsOfTrial(unit, payload, at);
  await unit.projections.putSubscription(known);
  await recordTrial(unit, known, at);
}
