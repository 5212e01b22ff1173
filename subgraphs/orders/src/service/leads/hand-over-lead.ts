import type { LeadPayload } from '@fulfillment/schema/events/orders';
import type { UnitOfWork } from '../ports.js';

/**
 * Hands a version of a lead to the receiver, and records that it took it. When it does not, the delivery fails as any
 * other: it comes again, with backoff, until it is a dead letter that operations sends again. Leads of sandbox accounts
 * are handed to nobody.
 * @throws when the receiver did not take it
 */
export async function handOverLead(
  { leadReceiver, leads, clock }: UnitOfWork,
  lead: LeadPayload,
  version: number,
): Promise<void> {
  if (lead.sandbox) return;
  const at = await clock.now(null);
  await leadReceiver.deliver(lead, version, at);
  await leads.addDelivery(lead.id, { version, receiver: leadReceiver.name, at });
}
