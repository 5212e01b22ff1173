import type { Contact, ContactRole } from '../domain/account/contact.js';
import type { ContactRow } from './entities.js';

/** A contact as `SELECT c.*` reads it. */
export interface ContactRecord {
  id: string;
  account_id: string;
  name: string;
  email: string;
  role: ContactRole;
  language: string;
  version: number;
  since: Date;
  until: Date | null;
  set_by: string;
}

export function contactFromRow({ account_id: accountId, set_by: setBy, ...contact }: ContactRecord): Contact {
  return { ...contact, accountId, setBy };
}

export function contactToRow(contact: Contact): ContactRow {
  return { ...contact };
}
