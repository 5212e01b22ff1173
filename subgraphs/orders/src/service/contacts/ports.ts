import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Contact, ContactFacts, ContactRole } from '../../domain/account/contact.js';

export interface ContactStore {
  /**
   * Until the transaction ends nobody else sets contacts of the account: of two who do, the second sees what the first set.
   * @param at when grants must hold
   * @returns false when the viewer may not set them, or there is no such account
   */
  lockSettable(viewer: Viewer, at: Date, accountId: string): Promise<boolean>;
  facts(accountId: string, role: ContactRole): Promise<ContactFacts>;
  /** Writes the contact as it stands now; the one before is kept as it ended. */
  save(contact: Contact, ended: Contact | null): Promise<void>;
}
