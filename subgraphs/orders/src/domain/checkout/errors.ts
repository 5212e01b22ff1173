import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';
import type { OrderErrorCode } from '../order/errors.js';

/** What can be wrong with a checkout besides its order: the catalog. The codes are among those of `OrderErrorCode`. */
export const checkoutErrorCodes = {
  CHECKOUT_EXPIRED: 'The checkout was not paid in time: start another one.',
  CHECKOUT_NOT_FOUND: 'The checkout does not exist or is another account’s.',
  ORDER_REFUSED: 'The order could not be carried out after it was paid: what was paid is given back.',
  NOTHING_TO_PAY: 'The order costs nothing: place it with `placeOrder`.',
  PAYMENT_DECLINED: 'The payment was declined: start another checkout and pay by other means.',
  RETURN_URL_NOT_ALLOWED: 'The address is not one of those that buyers may be sent back to.',
} as const;

export type CheckoutErrorCode = keyof typeof checkoutErrorCodes;

/** Something in the input that the caller can mend: about the checkout, or about its order. */
export type CheckoutError = UserError<CheckoutErrorCode | OrderErrorCode>;

/** With the catalog's sentence unless a closer one is given. */
export const checkoutError = errorsOf(checkoutErrorCodes);
