import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Payment } from '../domain/invoice.js';
import { paymentReceived } from '../domain/ledger/payment-received.js';
import { closedFault, firstOpenDay } from '../domain/receivables/accounting-period.js';
import { paymentFault, type Receipt, receivePayment } from '../domain/receivables/payment.js';
import type { BillingRefusal } from '../domain/receivables/refusal.js';
import { applyAccountCredit } from './apply-account-credit.js';
import type { HeldInvoice } from './hold-invoice.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';
import { tellInvoices, tellPayment } from './tell-money.js';

/**
 * Writes a payment of an invoice that is held, its entry in the ledger, and the account credit that it opens, which settles what
 * else the account owes.
 * @param whenClosed what to do when the books of its day are closed
 */
export async function takePayment(
  work: ReceivablesUnitOfWork,
  held: HeldInvoice,
  receipt: Receipt,
  whenClosed: 'REFUSE' | 'FIRST_OPEN_DAY',
): Promise<Result<Payment, BillingRefusal>> {
  const { invoice, books } = held;
  const day = localDateAt(receipt.receivedAt, invoice.billingTimeZone);
  const fault =
    paymentFault(invoice, receipt.amount) ??
    (whenClosed === 'REFUSE' ? closedFault(day, books.closedThrough, ['receivedAt']) : null);
  if (fault !== null) return err(fault);
  const { payment, credit } = receivePayment(invoice, receipt);
  const bookedOn = firstOpenDay(day, books.closedThrough);
  await work.payments.add(payment);
  const entry = paymentReceived(payment, invoice, bookedOn);
  await work.ledger.record(entry === null ? [] : [entry], []);
  await tellPayment(work, payment, invoice, receipt.receivedAt);
  await tellInvoices(work, [invoice.id], receipt.receivedAt);
  if (credit === null) return ok(payment);
  await work.credits.add([credit], []);
  await applyAccountCredit(work, held, { bookedOn, at: receipt.receivedAt });
  return ok(payment);
}
