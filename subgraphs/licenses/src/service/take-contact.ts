import type { ContactPayload } from '@fulfillment/schema/events/orders';
import { addressIdOf } from '../domain/delivery.js';
import type { UnitOfWork } from './ports.js';

/**
 * Takes a contact's snapshot in. Of whoever is written to about other things than licenses (bills, contracts) nothing is kept but what
 * tells its address from others: no license goes to the address of somebody at who pays.
 * Licenses and notices that waited for somebody to receive them are sent.
 */
export async function takeContact(
  { contacts, deliveries, usageNotices, announcements, clock }: UnitOfWork,
  { id, accountId, name, email, role }: ContactPayload,
  version: number,
): Promise<void> {
  await contacts.putAddress({ contactId: id, accountId, addressId: addressIdOf(email) }, version);
  if (role !== 'SOLD_TO') return contacts.remove(id);
  await contacts.hold(accountId);
  await contacts.put({ id, accountId, name, email }, version);
  const [waiting, at] = [await deliveries.pendingOf(accountId), await clock.now(null)];
  await Promise.all(waiting.map((licenseId) => announcements.licenseToSend({ licenseId, accountId }, at)));
  const notices = await usageNotices.pendingOf(accountId);
  await Promise.all(notices.map((noticeId) => announcements.noticeToSend({ noticeId, accountId }, at)));
}
