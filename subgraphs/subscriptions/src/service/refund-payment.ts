import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { sum } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { paymentRefunded } from '../domain/ledger/payment-refunded.js';
import { refundCredits } from '../domain/receivables/account-credit.js';
import { firstOpenDay } from '../domain/receivables/accounting-period.js';
import { refundFault } from '../domain/receivables/payment.js';
import type { BillingRefusal } from '../domain/receivables/refusal.js';
import { readMoney, textFault } from './billing-answer.js';
import { holdInvoiceOfPayment } from './hold-invoice.js';
import type { UnitOfWork } from './ports.js';

export interface RefundPaymentRequest {
  readonly paymentId: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly reference: string;
}

/**
 * Records money that went back for a payment: out of the account's credit of the same legal entity, the oldest first, and beyond
 * that as our expense. Booked on the present day, or on the first open one.
 * @param callId tells one refund apart from another
 */
export async function refundPayment(
  work: UnitOfWork,
  request: RefundPaymentRequest,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const referenceFault = textFault(request.reference, ['reference']);
  if (referenceFault !== null) return err(referenceFault);
  const amount = readMoney(request.amount, 'amount');
  if (!amount.ok) return amount;
  const held = await holdInvoiceOfPayment(work, request.paymentId);
  if (!held.ok) return held;
  const { invoice, books } = held.value;
  const payment = invoice.payments.find(({ id }) => id === request.paymentId.toLowerCase());
  if (payment === undefined) throw new Error(`Invoice ${invoice.id} lacks payment ${request.paymentId}`);
  const before = await work.payments.refunds(payment.id);
  const refunded = sum(
    before.map((refund) => refund.amount),
    invoice.currency,
  );
  const fault = refundFault(payment, refunded, amount.value);
  if (fault !== null) return err(fault);

  const at = await work.clock.now(invoice.invoiceOwnerAccountId);
  const id = derivedId('refund', payment.id, callId);
  const credits = (await work.credits.openCredits([invoice.invoiceOwnerAccountId])).filter(
    ({ legalEntityCode, remaining }) =>
      legalEntityCode === invoice.legalEntityCode && remaining.currency === invoice.currency,
  );
  const uses = refundCredits(credits, id, amount.value, at);
  const fromCredit = sum(
    uses.map((use) => use.amount),
    invoice.currency,
  );
  const { reference } = request;
  const refund = { id, paymentId: payment.id, amount: amount.value, fromCredit, refundedAt: at, reference };
  await work.payments.addRefund(refund);
  await work.credits.add([], uses);
  const bookedOn = firstOpenDay(localDateAt(at, invoice.billingTimeZone), books.closedThrough);
  const entry = paymentRefunded(refund, invoice, bookedOn);
  await work.ledger.record(entry === null ? [] : [entry], []);
  return ok(id);
}
