import type { LeadPayload } from '@fulfillment/schema/events/orders';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import type { LeadReceiver } from './ports.js';

/**
 * Hands a version of a lead to the receiver, while no transaction is open: the receiver may hang. When it does not take it, the
 * delivery fails as any other: it comes again, with backoff, until it is a dead letter that operations sends again. What it took
 * before, in this version or a newer one, is not handed over again. Leads of sandbox accounts are handed to nobody.
 * @throws when the receiver did not take it
 */
export async function handOverLead(
  receiver: LeadReceiver,
  run: RunTransaction,
  lead: LeadPayload,
  version: number,
): Promise<void> {
  if (lead.sandbox) return;
  const { taken, at } = await run(async ({ leads, clock }) => {
    return { taken: await leads.lastDelivered(lead.id), at: await clock.now(null) };
  });
  if (taken < version) await receiver.deliver(lead, version, at);
}

/** Records that the receiver took a version of a lead. */
export async function recordHandedOver(
  { leadReceiver, leads, clock }: UnitOfWork,
  lead: LeadPayload,
  version: number,
): Promise<void> {
  if (lead.sandbox) return;
  await leads.addDelivery(lead.id, { version, receiver: leadReceiver.name, at: await clock.now(null) });
}
