import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { firstOpenDay } from '../domain/receivables/accounting-period.js';
import { creditUse } from '../domain/receivables/account-credit.js';
import type { RefundAttempt } from '../domain/receivables/refund.js';
import { applyAccountCredit } from './apply-account-credit.js';
import { giveBack } from './give-back.js';
import { holdInvoiceOfPayment } from './hold-invoice.js';
import type { RefundOutcome, RefundPort } from './payment-port.js';
import type { UnitOfWork } from './ports.js';
import type { RunTransaction } from './run-transaction.js';

/**
 * Asks the payment provider for the refund of an attempt, outside of any transaction, and writes down what it says. It is safe to
 * repeat at any time: the attempt's id is the refund's key and its id. A refund without an attempt has been recorded already.
 * @param asked FIRST right after the attempt was started; AGAIN asks what became of it before it asks for the refund
 */
export async function settleRefund(
  run: RunTransaction,
  port: RefundPort,
  attemptId: string,
  asked: 'FIRST' | 'AGAIN',
): Promise<void> {
  const found = await run((work) => work.refundAttempts.find(attemptId));
  if (found === null || found.outcome !== null) return;
  const { attempt, chargeReference } = found;
  const request = { idempotencyKey: attempt.id, chargeReference, amount: attempt.amount };
  const known: RefundOutcome = asked === 'AGAIN' ? await port.findRefund(request) : { status: 'UNKNOWN' };
  const outcome = known.status === 'UNKNOWN' ? await port.refund(request) : known;
  await run((work) => recordOutcome(work, attempt, outcome));
}

/** Of a refund that was declined, the credit that was held is free again, and settles what the account owes meanwhile. */
async function recordOutcome(
  work: UnitOfWork,
  attempt: RefundAttempt,
  outcome: RefundOutcome,
): Promise<void> {
  if (outcome.status === 'PENDING' || outcome.status === 'UNKNOWN') return;
  const holding = await holdInvoiceOfPayment(work, attempt.paymentId);
  if (!holding.ok) throw new Error(`Refund ${attempt.id} is of no payment`);
  const { invoice, books } = holding.value;
  const at = await work.clock.now(invoice.invoiceOwnerAccountId);
  const detail = outcome.status === 'SUCCEEDED' ? outcome.reference : outcome.reason;
  const settled = { attemptId: attempt.id, status: outcome.status, detail, settledAt: at };
  if (!(await work.refundAttempts.settle(settled))) return;
  if (outcome.status === 'DECLINED') {
    const bookedOn = firstOpenDay(localDateAt(at, invoice.billingTimeZone), books.closedThrough);
    return applyAccountCredit(work, holding.value, { bookedOn, at });
  }
  const { id, paymentId, amount, held } = attempt;
  const uses = held.map((part) =>
    creditUse(part.creditId, { invoiceId: null, refundId: id }, part.amount, at),
  );
  await giveBack(work, holding.value, { id, paymentId, amount, refundedAt: at, reference: detail }, uses);
}
