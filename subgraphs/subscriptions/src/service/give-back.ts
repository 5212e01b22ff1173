import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { sum } from '@fulfillment/kernel/domain/money';
import { paymentRefunded } from '../domain/ledger/payment-refunded.js';
import type { CreditUse } from '../domain/receivables/account-credit.js';
import { firstOpenDay } from '../domain/receivables/accounting-period.js';
import type { Refund } from '../domain/receivables/refund.js';
import type { HeldInvoice } from './hold-invoice.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';
import { tellPayment, tellUses } from './tell-money.js';

/**
 * Writes down money that went back, the account credit that it took and its entry in the ledger: booked on the day of the
 * refund, or on the first open one.
 */
export async function giveBack(
  work: ReceivablesUnitOfWork,
  { invoice, books }: HeldInvoice,
  facts: Omit<Refund, 'fromCredit'>,
  uses: readonly CreditUse[],
): Promise<void> {
  const fromCredit = sum(
    uses.map((use) => use.amount),
    invoice.currency,
  );
  const refund = { ...facts, fromCredit };
  await work.payments.addRefund(refund);
  await work.credits.add([], uses);
  const bookedOn = firstOpenDay(localDateAt(refund.refundedAt, invoice.billingTimeZone), books.closedThrough);
  const entry = paymentRefunded(refund, invoice, bookedOn);
  await work.ledger.record(entry === null ? [] : [entry], []);
  const payment = invoice.payments.find(({ id }) => id === refund.paymentId);
  if (payment !== undefined) await tellPayment(work, payment, invoice, refund.refundedAt);
  await tellUses(work, uses, refund.refundedAt);
}
