import { derivedId } from '@fulfillment/kernel/domain/ids';
import { type Money, sum } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Payment } from '../domain/invoice.js';
import { type CreditUse, refundCredits } from '../domain/receivables/account-credit.js';
import { refundFault } from '../domain/receivables/payment.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { readMoney, textFault } from './billing-answer.js';
import { giveBack } from './give-back.js';
import { type HeldInvoice, holdInvoiceOfPayment } from './hold-invoice.js';
import type { RefundPort } from './payment-port.js';
import type { UnitOfWork } from './ports.js';
import type { RunTransaction } from './run-transaction.js';
import { settleRefund } from './settle-refund.js';

export interface RefundPaymentRequest {
  readonly paymentId: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  /** Of a payment that a person recorded: what the bank calls the refund. Any other gets the payment provider's. */
  readonly reference?: string | null;
}

/**
 * Gives money of a payment back, as it came in: what a person recorded is recorded at once; what came through the payment
 * provider becomes an attempt, which `settleRefund` then asks the provider for. While an attempt is pending there is no other.
 * It comes out of the account's credit of the same legal entity, the oldest first, and beyond that is our expense.
 * @param callId tells one refund apart from another: with the same one there is one
 * @returns the id of the refund, which is that of its attempt
 */
export async function startRefund(
  work: UnitOfWork,
  request: RefundPaymentRequest,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const amount = readMoney(request.amount, 'amount');
  if (!amount.ok) return amount;
  const held = await holdInvoiceOfPayment(work, request.paymentId);
  if (!held.ok) return held;
  const payment = paymentOf(held.value, request.paymentId);
  const fault =
    referenceFault(payment, request.reference ?? null) ?? (await openFault(work, payment, amount.value));
  if (fault !== null) return err(fault);

  const id = derivedId('refund', payment.id, callId);
  const at = await work.clock.now(held.value.invoice.invoiceOwnerAccountId);
  const uses = await creditFor(work, held.value, { id, amount: amount.value, at });
  const facts = { id, paymentId: payment.id, amount: amount.value };
  if (payment.origin === 'RECORDED') {
    const reference = request.reference ?? '';
    await giveBack(work, held.value, { ...facts, refundedAt: at, reference }, uses);
  } else {
    const parts = uses.map(({ creditId, amount: part }) => ({ creditId, amount: part }));
    await work.refundAttempts.start({ ...facts, held: parts, startedAt: at });
  }
  return ok(id);
}

/** Gives money of a payment back, with one key for each wish. A time-out leaves the attempt pending; see `settlePendingRefunds`. */
export async function refundPayment(
  run: RunTransaction,
  port: RefundPort,
  request: RefundPaymentRequest,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const started = await run((work) => startRefund(work, request, callId));
  if (started.ok) await settleRefund(run, port, started.value, 'FIRST');
  return started;
}

function paymentOf({ invoice }: HeldInvoice, paymentId: string): Payment {
  const payment = invoice.payments.find(({ id }) => id === paymentId.toLowerCase());
  if (payment === undefined) throw new Error(`Invoice ${invoice.id} lacks payment ${paymentId}`);
  return payment;
}

function referenceFault({ origin }: Payment, reference: string | null): BillingRefusal | null {
  if (origin === 'RECORDED') return textFault(reference ?? '', 'reference');
  if (reference === null) return null;
  const message =
    'The payment came through the payment provider, which names its refunds: leave the reference out.';
  return refusal('INVALID_VALUE', message, ['reference']);
}

async function openFault(work: UnitOfWork, payment: Payment, amount: Money): Promise<BillingRefusal | null> {
  const pending = await work.refundAttempts.pendingOf(payment.id);
  if (pending !== null) {
    const message = `The refund of ${pending.startedAt.toISOString()} is not settled yet: wait for its outcome.`;
    return refusal('REFUND_PENDING', message, ['paymentId']);
  }
  const before = await work.payments.refunds(payment.id);
  const refunded = sum(
    before.map((refund) => refund.amount),
    payment.amount.currency,
  );
  return refundFault(payment, refunded, amount);
}

/** The account's credit that a refund takes, the oldest first. */
async function creditFor(
  work: UnitOfWork,
  { invoice }: HeldInvoice,
  { id, amount, at }: { readonly id: string; readonly amount: Money; readonly at: Date },
): Promise<CreditUse[]> {
  const credits = (await work.credits.openCredits([invoice.invoiceOwnerAccountId])).filter(
    ({ legalEntityCode, remaining }) =>
      legalEntityCode === invoice.legalEntityCode && remaining.currency === invoice.currency,
  );
  return refundCredits(credits, id, amount, at);
}
