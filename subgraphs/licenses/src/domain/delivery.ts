/**
 * How the sending of a license stands. SUPERSEDED: another version's license came before it was sent, and is sent in its
 * place.
 */
export type DeliveryState = 'PENDING' | 'SENT' | 'SUPERSEDED';

/** The sending of one license to the people of the account that uses it. */
export interface LicenseDelivery {
  readonly licenseId: string;
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

/** Somebody who receives licenses: a contact of the role SOLD_TO. */
export interface Contact {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
}

/** A license that was just issued: it is sent at once. */
export function newDelivery(licenseId: string, accountId: string): LicenseDelivery {
  return { licenseId, accountId, state: 'PENDING', attempts: 0, lastError: null, sentAt: null, sentTo: [] };
}

export function delivered(delivery: LicenseDelivery, at: Date, sentTo: readonly string[]): LicenseDelivery {
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
export function attemptFailed(delivery: LicenseDelivery, error: string): LicenseDelivery {
  return { ...delivery, attempts: delivery.attempts + 1, lastError: error };
}

/** Nobody at the account receives licenses yet: that is no attempt. */
export function waitsForContact(delivery: LicenseDelivery): LicenseDelivery {
  return { ...delivery, lastError: 'No contact of the sold-to account receives licenses.' };
}

export function superseded(delivery: LicenseDelivery): LicenseDelivery {
  return { ...delivery, state: 'SUPERSEDED' };
}
