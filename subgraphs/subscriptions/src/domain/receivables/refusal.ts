import type { UserError } from '@fulfillment/kernel/domain/user-error';

/** What can be wrong with a request about money: the catalog. The codes are those of `BillingErrorCode` in the contract. */
export const billingRefusalCodes = {
  ACCOUNT_NOT_FOUND: 'The account does not exist.',
  ALREADY_APPROVED: 'The request was approved before.',
  AMOUNT_OUT_OF_RANGE: 'The amount is not above zero, or more than there is to pay, give back or give up.',
  CURRENCY_MISMATCH: 'The currency is not that of the invoice.',
  CURRENCY_UNKNOWN: 'The currency is not one that is known.',
  IDEMPOTENCY_CONFLICT: 'The same key is being worked on; try again in a moment.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with another input.',
  INVALID_VALUE: 'The value is too short, too long or not of the form asked for.',
  INVOICE_ALREADY_CREDITED:
    'A later document credits a part of the invoice: it cannot be taken back as a whole.',
  INVOICE_NOT_DRAFT: 'The invoice is no draft that could be posted or thrown away.',
  INVOICE_NOT_FOUND: 'The invoice does not exist.',
  INVOICE_NOT_POSTED: 'The invoice is a draft: nothing is owed for it yet.',
  INVOICE_SETTLED: 'Nothing is due on the invoice.',
  SUBSCRIPTION_RUNNING: 'The invoice charges for days to come of a subscription that runs.',
  LEDGER_ACCOUNT_INVALID: 'The two ledger accounts cannot be adjusted by hand.',
  PAYMENT_NOT_FOUND: 'The payment does not exist.',
  PAYMENT_PENDING: 'An attempt to collect the invoice has not been settled yet.',
  PERIOD_CLOSED: 'The accounting period of the day is closed.',
  PERIOD_NOT_OVER: 'The month has not ended yet.',
  REFUND_PENDING: 'A refund of the payment has not been settled yet.',
  REQUEST_NOT_FOUND: 'There is no such request.',
  SAME_PERSON: 'Who asked for it may not approve it.',
} as const;

export type BillingRefusalCode = keyof typeof billingRefusalCodes;

/** Why something cannot be done, and how to mend it. */
export type BillingRefusal = UserError<BillingRefusalCode>;

export function refusal(code: BillingRefusalCode, message: string, field: readonly string[]): BillingRefusal {
  return { code, message, field };
}
