import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';

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
export type AccountError<Code extends AccountErrorCode = AccountErrorCode> = UserError<Code>;

/** With the catalog's sentence unless a closer one is given. */
export const accountError = errorsOf(accountErrorCodes);
