import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';

/** What can be wrong with an offer or a rule: the catalog. The codes are those of `OfferErrorCode` in the contract. */
export const offerErrorCodes = {
  DEPLOYMENT_NOT_FOUND: 'There is no such deployment that you may see; give the id of one.',
  FEATURE_UNKNOWN: 'No product on the price list has a feature of this key.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  OFFER_NOT_FOUND: 'There is no such offer that you may see: use the `id` that it was shown with.',
  RULE_CHANGED: 'Somebody else changed the rule meanwhile: read it again.',
  STEP_INVALID: 'The condition cannot lead to this step.',
} as const;

export type OfferErrorCode = keyof typeof offerErrorCodes;

/** Something in the input that the caller can mend. */
export type OfferError = UserError<OfferErrorCode>;

/** With the catalog's sentence unless a closer one is given. */
export const offerError = errorsOf(offerErrorCodes);
