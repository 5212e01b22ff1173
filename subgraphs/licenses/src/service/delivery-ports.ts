import type { Contact, LicenseDelivery } from '../domain/delivery.js';
import type { ReachedNotice, UsageNotice } from '../domain/usage-notice.js';

/** A mail to one or more people, in plain text. */
export interface Mail {
  /** The same for each attempt at the same mail: whoever gets it twice can tell. */
  readonly id: string;
  readonly to: readonly { readonly name: string; readonly email: string }[];
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly { readonly fileName: string; readonly text: string }[];
}

/** Hands mails over to whoever carries them out: a pick-up folder, a mail service. Rejects when it could not. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** That a contact of an account has an address. */
export interface KnownAddress {
  readonly contactId: string;
  readonly accountId: string;
  readonly addressId: string;
}

/** The account that a partner pays with, and its own address. */
export interface KnownPartner {
  readonly id: string;
  readonly accountId: string;
  readonly addressId: string;
}

export interface ContactStore {
  /** Until the transaction ends nobody else looks at, or changes, who receives the licenses of an account. */
  hold(accountId: string): Promise<void>;
  /** Writes the newest version; an older one than is there changes nothing. */
  put(contact: Contact, version: number): Promise<void>;
  /** Somebody who no longer receives licenses, or never did. */
  remove(contactId: string): Promise<void>;
  /** Who receives the licenses of an account, by name. */
  of(accountId: string): Promise<readonly Contact[]>;
  /** Writes the newest version of what is known of any contact's address (`addressIdOf`); an older one changes nothing. */
  putAddress(address: KnownAddress, version: number): Promise<void>;
  /** Writes the newest version of what is known of a partner; an older one changes nothing. */
  putPartner(partner: KnownPartner, version: number): Promise<void>;
  /** The addresses (`addressIdOf`) of others who pay for what an account uses, or sell it: of their contacts, and a partner's own. */
  payersAddresses(accountId: string): Promise<ReadonlySet<string>>;
}

export interface DeliveryStore {
  /** Once for each license: the second time nothing changes. */
  add(delivery: LicenseDelivery): Promise<void>;
  /** The delivery of a license, locked until the transaction ends; null when it has none. */
  hold(licenseId: string): Promise<LicenseDelivery | null>;
  put(delivery: LicenseDelivery): Promise<void>;
  /** The licenses of an account that are still to be sent. */
  pendingOf(accountId: string): Promise<readonly string[]>;
}

export interface UsageNoticeStore {
  /**
   * Adds notices, each once: the second time nothing changes, unless it was superseded before it was sent. Those of the same subject and
   * period that were not sent yet are superseded. None is added after one of the same or a higher threshold of as much to be used, nor
   * where the threshold was reached before and any was told in the period.
   * @returns those that are new
   */
  add(
    notices: readonly ReachedNotice[],
  ): Promise<readonly { readonly id: string; readonly accountId: string }[]>;
  /** A notice, locked until the transaction ends; null when there is none. */
  hold(noticeId: string): Promise<UsageNotice | null>;
  /** Writes how its sending stands. */
  put(notice: UsageNotice): Promise<void>;
  /** The notices to an account that are still to be sent. */
  pendingOf(accountId: string): Promise<readonly string[]>;
}
