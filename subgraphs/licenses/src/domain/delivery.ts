/**
 * How the sending of a license stands. SUPERSEDED: another version's license came before it was sent, and is sent in its
 * place.
 */
export type DeliveryState = 'PENDING' | 'SENT' | 'FAILED' | 'SUPERSEDED';

/** The sending of one license to the people of the account that uses it. */
export interface LicenseDelivery {
  readonly licenseId: string;
  /** The sold-to account: whoever pays is never written to. */
  readonly accountId: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is tried next; null when it waits for a contact of the account, or is over. */
  readonly nextAttemptAt: Date | null;
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

/** After so many attempts a delivery has failed, and operations must look at it. */
export const mostAttempts = 10;

/** While an attempt is under way, nobody else tries for so long: a process that died on the way is followed by another one. */
const leaseMinutes = 5;

const firstPauseSeconds = 30;
const longestPauseSeconds = 6 * 60 * 60;

/** A license that was just issued: it is sent at once. */
export function newDelivery(licenseId: string, accountId: string, at: Date): LicenseDelivery {
  return {
    licenseId,
    accountId,
    state: 'PENDING',
    attempts: 0,
    nextAttemptAt: at,
    lastError: null,
    sentAt: null,
    sentTo: [],
  };
}

/** It is being tried from `at` on; what comes of it is told by one of the functions below. */
export function attempted(delivery: LicenseDelivery, at: Date): LicenseDelivery {
  const nextAttemptAt = new Date(at.getTime() + leaseMinutes * 60_000);
  return { ...delivery, attempts: delivery.attempts + 1, nextAttemptAt };
}

export function delivered(delivery: LicenseDelivery, at: Date, sentTo: readonly string[]): LicenseDelivery {
  return { ...delivery, state: 'SENT', nextAttemptAt: null, lastError: null, sentAt: at, sentTo };
}

/** The attempt failed: another one follows after a pause that doubles from half a minute to six hours, ten in all. */
export function attemptFailed(delivery: LicenseDelivery, at: Date, error: string): LicenseDelivery {
  if (delivery.attempts >= mostAttempts) {
    return { ...delivery, state: 'FAILED', nextAttemptAt: null, lastError: error };
  }
  const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (delivery.attempts - 1));
  return { ...delivery, nextAttemptAt: new Date(at.getTime() + pause * 1000), lastError: error };
}

/** Nobody at the account receives licenses yet: it waits for a contact, and that attempt counts for nothing. */
export function waitsForContact(delivery: LicenseDelivery): LicenseDelivery {
  const lastError = 'No contact of the sold-to account receives licenses.';
  return { ...delivery, attempts: Math.max(0, delivery.attempts - 1), nextAttemptAt: null, lastError };
}

export function superseded(delivery: LicenseDelivery): LicenseDelivery {
  return { ...delivery, state: 'SUPERSEDED', nextAttemptAt: null };
}
