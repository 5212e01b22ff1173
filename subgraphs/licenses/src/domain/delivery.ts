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

export function superseded<Kind extends Delivery>(delivery: Kind): Kind {
  return { ...delivery, state: 'SUPERSEDED' };
}
