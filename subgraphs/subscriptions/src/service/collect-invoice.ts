import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { amountDue } from '../domain/invoice.js';
import type { PaymentAttempt } from '../domain/receivables/payment-attempt.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { textFault } from './billing-answer.js';
import { holdInvoice } from './hold-invoice.js';
import { failedPaymentPayload } from './money-payloads.js';
import type { ChargeOutcome, ChargePort } from './payment-port.js';
import type { UnitOfWork } from './ports.js';
import type { RunTransaction } from './run-transaction.js';
import { takePayment } from './take-payment.js';

export interface CollectInvoiceRequest {
  readonly invoiceId: string;
  readonly paymentMethodToken: string;
}

/**
 * Starts to collect what is due on an invoice; `settleAttempt` then charges. While an attempt on the invoice is pending there is
 * no other.
 * @param callId tells one wish to collect apart from another: with the same one there is one attempt
 * @returns the attempt's id
 */
export async function startCollecting(
  work: UnitOfWork,
  { invoiceId, paymentMethodToken }: CollectInvoiceRequest,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const tokenFault = textFault(paymentMethodToken, 'paymentMethodToken');
  if (tokenFault !== null) return err(tokenFault);
  const held = await holdInvoice(work, invoiceId);
  if (!held.ok) return held;
  const { invoice } = held.value;
  const amount = amountDue(invoice);
  if (amount.minor <= 0n) return err(refusal('INVOICE_SETTLED', 'Nothing is due on it.', ['invoiceId']));
  const pending = await work.payments.pendingAttempt(invoice.id);
  if (pending !== null) {
    const message = `The attempt of ${pending.startedAt.toISOString()} is not settled yet: wait for its outcome.`;
    return err(refusal('PAYMENT_PENDING', message, ['invoiceId']));
  }
  const id = derivedId('payment-attempt', invoice.id, callId);
  const startedAt = await work.clock.now(invoice.invoiceOwnerAccountId);
  await work.payments.startAttempt({ id, invoiceId: invoice.id, amount, paymentMethodToken, startedAt });
  return ok(id);
}

/** Collects what is due on an invoice, with one key for each wish. A time-out leaves the attempt pending; see `askAfter`. */
export async function collectInvoice(
  run: RunTransaction,
  port: ChargePort,
  request: CollectInvoiceRequest,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const started = await run((work) => startCollecting(work, request, callId));
  if (started.ok) await settleAttempt(run, port, started.value, 'FIRST');
  return started;
}

/**
 * Asks the payment provider for the charge of an attempt, outside of any transaction, and writes down what it says. It is safe to
 * repeat at any time: the attempt's id is the charge's key and makes the payment's id.
 * @param asked FIRST right after the attempt was started; AGAIN asks what became of it before it charges
 */
export async function settleAttempt(
  run: RunTransaction,
  port: ChargePort,
  attemptId: string,
  asked: 'FIRST' | 'AGAIN',
): Promise<void> {
  const found = await run((work) => work.payments.findAttempt(attemptId));
  if (found === null || found.outcome !== null) return;
  const { attempt } = found;
  const request = { ...attempt, idempotencyKey: attempt.id };
  const known: ChargeOutcome = asked === 'AGAIN' ? await port.find(request) : { status: 'UNKNOWN' };
  const outcome = known.status === 'UNKNOWN' ? await port.charge(request) : known;
  await run((work) => recordOutcome(work, attempt, outcome));
}

async function recordOutcome(
  work: UnitOfWork,
  attempt: PaymentAttempt,
  outcome: ChargeOutcome,
): Promise<void> {
  if (outcome.status === 'PENDING' || outcome.status === 'UNKNOWN') return;
  const held = await holdInvoice(work, attempt.invoiceId);
  if (!held.ok) throw new Error(`Attempt ${attempt.id} is on no invoice`);
  const settledAt = await work.clock.now(held.value.invoice.invoiceOwnerAccountId);
  const { status } = outcome;
  const detail = outcome.status === 'SUCCEEDED' ? outcome.reference : outcome.reason;
  const isNew = await work.payments.settleAttempt({ attemptId: attempt.id, status, detail, settledAt });
  if (!isNew) return;
  const id = derivedId('payment', attempt.id);
  if (outcome.status === 'DECLINED') {
    const failed = failedPaymentPayload(id, attempt, held.value.invoice, {
      at: settledAt,
      reason: outcome.reason,
    });
    return work.moneyEvents.payment(failed, settledAt);
  }
  const receipt = {
    id,
    amount: attempt.amount,
    receivedAt: settledAt,
    reference: outcome.reference,
    origin: 'COLLECTED' as const,
  };
  const taken = await takePayment(work, held.value, receipt, 'FIRST_OPEN_DAY');
  if (!taken.ok) throw new Error(`The payment of attempt ${attempt.id} was refused: ${taken.error.message}`);
}
