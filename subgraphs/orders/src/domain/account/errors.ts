import type { FieldPath } from '../order/errors.js';

/** What can be wrong with an account or a contact: the catalog. The codes are those of `AccountErrorCode` in the contract. */
export const accountErrorCodes = {
  ACCOUNT_NOT_FOUND:
    'There is no such account whose contacts you may set; give the id of one in `accountId`.',
  CONTACT_OF_PAYER:
    'The address is that of a contact of whoever pays for the account: licenses are sent to whoever uses them. Give another one.',
  COUNTRY_UNKNOWN: 'The country is not one that is known.',
  CURRENCY_UNKNOWN: 'The currency is not one that is known.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  TIME_ZONE_UNKNOWN: 'The time zone is not one that is known.',
} as const;

export type AccountErrorCode = keyof typeof accountErrorCodes;

/** Something in the input that the caller can mend. */
export interface AccountError<Code extends AccountErrorCode = AccountErrorCode> {
  readonly code: Code;
  /** What is wrong and how to mend it. */
  readonly message: string;
  /** The path of the input field. */
  readonly field: readonly string[];
}

/** @param message the catalog's own when left out */
export function accountError<Code extends AccountErrorCode>(
  code: Code,
  field: FieldPath,
  message: string = accountErrorCodes[code],
): AccountError<Code> {
  return { code, message, field: field.map(String) };
}
