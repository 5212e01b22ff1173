import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Payment } from '../domain/invoice.js';
import { paymentReceived } from '../domain/ledger/payment-received.js';
import { closedFault, firstOpenDay } from '../domain/receivables/accounting-period.js';
import { paymentFault, type Receipt, receivePayment } from '../domain/receivables/payment.js';
import type { BillingRefusal } from '../domain/receivables/refusal.js';
import { settleWithCredit } from '../domain/receivables/settlement.js';
import type { HeldInvoice } from './hold-invoice.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';

/**
 * Writes a payment of an invoice that is held, its entry in the ledger, and the account credit that it opens, which settles what
 * else the account owes.
 * @param whenClosed what to do when the books of its day are closed
 */
export async function takePayment(
  work: ReceivablesUnitOfWork,
  { invoice, books, booksOf }: HeldInvoice,
  receipt: Receipt,
  whenClosed: 'REFUSE' | 'FIRST_OPEN_DAY',
): Promise<Result<Payment, BillingRefusal>> {
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
  if (credit === null) return ok(payment);
  await work.credits.add([credit], []);
  const accountIds = [invoice.invoiceOwnerAccountId];
  const open = {
    credits: await work.credits.openCredits(accountIds),
    invoices: await work.credits.openInvoices(accountIds),
  };
  const settled = settleWithCredit(open, [], { dayOf: () => bookedOn, booksOf, at: receipt.receivedAt });
  await work.credits.add([], settled.uses);
  await work.ledger.record(
    settled.entries.filter((applied) => applied !== null),
    [],
  );
  return ok(payment);
}
