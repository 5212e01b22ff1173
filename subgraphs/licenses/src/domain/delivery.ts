import { derivedId } from '@fulfillment/kernel/domain/ids';
import { normalizedEmail } from '@fulfillment/kernel/domain/email-address';

/** How the sending of a mail stands. SUPERSEDED: what it would say is said by another one, or no longer holds. */
export type DeliveryState = 'PENDING' | 'SENT' | 'SUPERSEDED';

/** The sending of one mail to the people of the account that uses a deployment. */
export interface Delivery {
  /** The sold-to account: whoever pays is never written to. */
  readonly accountId: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** What went wrong last, for operations; null when nothing did. */
  readonly lastError: string | null;
  readonly sentAt: Date | null;
  /** The addresses that it was sent to. */
  readonly sentTo: readonly string[];
}

/** The sending of one license. SUPERSEDED: another version's license came before it was sent, and is sent in its place. */
export interface LicenseDelivery extends Delivery {
  readonly licenseId: string;
}

/** Somebody who receives licenses: a contact of the role SOLD_TO. */
export interface Contact {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
}

/** What tells two addresses apart, and cannot be read: of people who receive no licenses nothing more is kept. A UUID. */
export function addressIdOf(email: string): string {
  return derivedId('email-address', normalizedEmail(email));
}

/**
 * Those of an account's contacts who may be sent what it is told: nobody whose address belongs to a contact of who pays for what the
 * account uses or sells it, whatever it was when the contact was set.
 * @param payersAddresses their addresses, by `addressIdOf`
 */
export function receiversOf(
  contacts: readonly Contact[],
  payersAddresses: ReadonlySet<string>,
): readonly Contact[] {
  return contacts.filter(({ email }) => !payersAddresses.has(addressIdOf(email)));
}

/** A mail that is to be sent at once. */
export function newDelivery(accountId: string): Delivery {
  return { accountId, state: 'PENDING', attempts: 0, lastError: null, sentAt: null, sentTo: [] };
}

export function delivered<Kind extends Delivery>(delivery: Kind, at: Date, sentTo: readonly string[]): Kind {
  return {
    ...delivery,
    state: 'SENT',
    attempts: delivery.attempts + 1,
    lastError: null,
    sentAt: at,
    sentTo,
  };
}

/** It could not be sent. When it is tried again is the bus's to say. */
export function attemptFailed<Kind extends Delivery>(delivery: Kind, error: string): Kind {
  return { ...delivery, attempts: delivery.attempts + 1, lastError: error };
}

/** Nobody at the account receives licenses yet: that is no attempt. */
export function waitsForContact<Kind extends Delivery>(delivery: Kind): Kind {
  return { ...delivery, lastError: 'No contact of the sold-to account receives licenses.' };
}

/** Whoever was to receive it belongs to who pays or sells by now: it waits for another contact, and that is no attempt either. */
export function waitsForOtherContact<Kind extends Delivery>(delivery: Kind): Kind {
  const lastError =
    'The address of the sold-to contact is one of a partner who pays or sells: set another contact (`setContact`).';
  return { ...delivery, lastError };
}

export function superseded<Kind extends Delivery>(delivery: Kind): Kind {
  return { ...delivery, state: 'SUPERSEDED' };
}
