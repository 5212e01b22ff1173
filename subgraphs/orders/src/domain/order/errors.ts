import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';
import { accountErrorCodes } from '../account/errors.js';
import { agreementRefusalCodes } from '@fulfillment/kernel/domain/agreement/refusal';

/** What can be wrong with an order: the catalog. The codes are those of `OrderErrorCode` in the contract. */
export const orderErrorCodes = {
  ACCOUNT_NOT_FOUND: 'The account does not exist or the viewer may not buy for it.',
  ACTION_INVALID: 'Exactly one action must be given in each entry.',
  CURRENCY_MISMATCH: 'The currency is not the account’s.',
  CURRENCY_UNKNOWN: 'The currency is not one that is known.',
  DEPLOYMENT_NOT_ELIGIBLE:
    'The deployment belongs to another account or is not the one that the viewer works for, or the plan is not sold for its kind.',
  DEPLOYMENT_ALREADY_SUBSCRIBED:
    'The deployment has an active subscription, or an order for one is under way.',
  EFFECTIVE_DATE_INVALID: 'The date lies in the past or too far in the future.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  PRICE_CHANGED: 'The order comes to another total than the one that was expected.',
  PRICE_NOT_FOUND: 'The product has no list price in the account’s currency: ask sales.',
  PRODUCT_NOT_FOUND: 'The product does not exist, or is not of the kind asked for.',
  QUANTITY_OUT_OF_RANGE: 'The quantity is below the smallest or above the largest that is sold.',
  SUBSCRIPTION_NOT_FOUND: 'The subscription does not exist or the viewer may not change it.',
  SUBSCRIPTION_ORDER_UNDER_WAY:
    'Another order for the subscription is under way: wait until it is fulfilled.',
  INVOICE_OWNER_MISMATCH: 'The subscriptions of one order must be paid by one account.',
  SOLD_BY_PARTNER: 'It was bought through a partner: ask that partner to change it.',
  DISCOUNT_INVALID: 'The discount is below 0, above 100 per cent or above the price.',
  TAX_RATE_UNKNOWN: 'Tax is due where the payer is, and its rate is not known: ask finance.',
  TRIAL_ALREADY_USED: 'The deployment had a trial of this plan.',
  OFFER_NOT_FOUND: 'The id is not one of an offer for what is ordered.',
  CONTACT_OF_PAYER: accountErrorCodes.CONTACT_OF_PAYER,
  ...agreementRefusalCodes,
} as const;

export type OrderErrorCode = keyof typeof orderErrorCodes;

export type { FieldPath } from '@fulfillment/kernel/domain/user-error';

/** Something in the input that the caller can mend. */
export type OrderError = UserError<OrderErrorCode>;

/** A value that nothing can be done with, whatever it is for. */
export type InvalidValue = UserError<'INVALID_VALUE'>;

/** With the catalog's sentence unless a closer one is given. */
export const orderError = errorsOf(orderErrorCodes);
