import { compare, type Money, money, subtract } from '@fulfillment/kernel/domain/money';
import { amountDue, type Invoice, type Payment, type PaymentOrigin } from '../invoice.js';
import { accountCredit, type AccountCredit } from './account-credit.js';
import { type BillingRefusal, refusal } from './refusal.js';

/** Money that came in. */
export interface Receipt {
  /** The id of the payment that it becomes. */
  readonly id: string;
  readonly amount: Money;
  readonly receivedAt: Date;
  readonly reference: string;
  readonly origin: PaymentOrigin;
}

/** A payment, and the account credit that it opens when more came in than was due. */
export interface ReceivedPayment {
  readonly payment: Payment;
  readonly credit: AccountCredit | null;
}

/** What is due on an invoice is paid with it; what goes beyond becomes account credit. Throws a CurrencyMismatchError. */
export function receivePayment(invoice: Invoice, receipt: Receipt): ReceivedPayment {
  const { id, amount, receivedAt, reference, origin } = receipt;
  const beyond = subtract(amount, amountDue(invoice));
  const overpaid = beyond.minor > 0n ? beyond : money(0n, amount.currency);
  const payment = { id, invoiceId: invoice.id, amount, overpaid, receivedAt, reference, origin };
  if (overpaid.minor === 0n) return { payment, credit: null };
  const credit = accountCredit({
    accountId: invoice.invoiceOwnerAccountId,
    legalEntityCode: invoice.legalEntityCode,
    amount: overpaid,
    source: 'OVERPAYMENT',
    sourceId: id,
    openedAt: receivedAt,
  });
  return { payment, credit };
}

/** Why an amount cannot be recorded as a payment of an invoice; null when it can. */
export function paymentFault(invoice: Pick<Invoice, 'currency'>, amount: Money): BillingRefusal | null {
  if (amount.currency !== invoice.currency) {
    return refusal('CURRENCY_MISMATCH', `The invoice is in ${invoice.currency}.`, ['amount', 'currency']);
  }
  if (amount.minor > 0n) return null;
  return refusal('AMOUNT_OUT_OF_RANGE', 'Give an amount above zero.', ['amount', 'amount']);
}

/**
 * Why an amount of a payment cannot be given back; null when it can.
 * @param refunded what was given back of it before
 */
export function refundFault(payment: Payment, refunded: Money, amount: Money): BillingRefusal | null {
  if (amount.currency !== payment.amount.currency) {
    return refusal('CURRENCY_MISMATCH', `The payment is in ${payment.amount.currency}.`, [
      'amount',
      'currency',
    ]);
  }
  const left = subtract(payment.amount, refunded);
  if (amount.minor > 0n && compare(amount, left) <= 0) return null;
  const message = 'Give an amount above zero and at most what is left of the payment.';
  return refusal('AMOUNT_OUT_OF_RANGE', message, ['amount', 'amount']);
}
