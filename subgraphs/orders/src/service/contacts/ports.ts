import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Contact, ContactFacts, ContactRole } from '../../domain/account/contact.js';
import type { OrderParties } from '../../domain/order/order.js';

export interface ContactStore {
  /**
   * Until the transaction ends nobody else sets contacts of the account: of two who do, the second sees what the first set.
   * @param at when grants must hold
   * @returns false when the viewer may not set them, or there is no such account
   */
  lockSettable(viewer: Viewer, at: Date, accountId: string): Promise<boolean>;
  /** As `lockSettable`, whoever asks. */
  lock(accountId: string): Promise<void>;
  /** @param parties of an order that is about to be placed: who pays and sells by it counts too */
  facts(accountId: string, role: ContactRole, parties: OrderParties | null): Promise<ContactFacts>;
  /** Writes the contact as it stands now; the one before is kept as it ended. */
  save(contact: Contact, ended: Contact | null): Promise<void>;
}
