import { errorsOf, type UserError } from '@fulfillment/kernel/domain/user-error';
import { type OrderErrorCode, orderErrorCodes } from '../order/errors.js';
import type { QuoteStatus } from './lifecycle.js';

/** What can be wrong with a quote besides its order: the catalog. The codes are among those of `OrderErrorCode`. */
export const quoteErrorCodes = {
  APPROVAL_NEEDED:
    'A discount is above the limit: another person has to approve the quote before it is sent.',
  APPROVAL_NOT_NEEDED: 'No discount of the quote is above the limit, or the decision was made already.',
  APPROVAL_REFUSED: 'Approval was refused: revise the quote.',
  APPROVAL_BY_SAME_PERSON: 'A quote is approved by another person than the one who made it.',
  QUOTE_NOT_FOUND: 'The quote does not exist or the viewer may not do this with it.',
  QUOTE_NOT_SENT: 'The quote is a draft: it has to be sent first.',
  QUOTE_ALREADY_SENT: 'The quote was sent already.',
  QUOTE_ALREADY_ACCEPTED: 'The quote was accepted: it is an order now.',
  QUOTE_DECLINED: 'The quote was declined: revise it.',
  QUOTE_EXPIRED: 'The quote has expired: revise it.',
  QUOTE_SUPERSEDED: 'There is a newer revision of the quote.',
} as const;

export type QuoteErrorCode = keyof typeof quoteErrorCodes;

/** Something in the input that the caller can mend: about the quote, or about the order that it holds. */
export type QuoteError = UserError<QuoteErrorCode | OrderErrorCode>;

/** With the catalog's sentence unless a closer one is given. */
export const quoteError = errorsOf({ ...orderErrorCodes, ...quoteErrorCodes });

const codeOfStatus: Readonly<Record<QuoteStatus, QuoteErrorCode>> = {
  DRAFT: 'QUOTE_NOT_SENT',
  SENT: 'QUOTE_ALREADY_SENT',
  ACCEPTED: 'QUOTE_ALREADY_ACCEPTED',
  DECLINED: 'QUOTE_DECLINED',
  EXPIRED: 'QUOTE_EXPIRED',
  SUPERSEDED: 'QUOTE_SUPERSEDED',
};

/** Why a step cannot be taken from where the quote stands. */
export function statusError(status: QuoteStatus): QuoteError {
  return quoteError(codeOfStatus[status], ['quoteId']);
}
