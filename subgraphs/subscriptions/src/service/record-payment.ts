import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { readMoney, textFault } from './billing-answer.js';
import { holdInvoice } from './hold-invoice.js';
import type { UnitOfWork } from './ports.js';
import { takePayment } from './take-payment.js';

export interface RecordPaymentRequest {
  readonly invoiceId: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  /** The present when left out. */
  readonly receivedAt?: Date | null;
  readonly reference: string;
}

/**
 * Records money that came in for an invoice, as a person says. The books of its day must be open.
 * @param callId tells one recording apart from another: a payment of the same invoice, amount and day is another payment
 */
export async function recordPayment(
  work: UnitOfWork,
  request: RecordPaymentRequest,
  callId: string,
): Promise<Result<string, BillingRefusal>> {
  const referenceFault = textFault(request.reference, 'reference');
  if (referenceFault !== null) return err(referenceFault);
  const amount = readMoney(request.amount, 'amount');
  if (!amount.ok) return amount;
  const held = await holdInvoice(work, request.invoiceId);
  if (!held.ok) return held;
  const { invoice } = held.value;
  const now = await work.clock.now(invoice.invoiceOwnerAccountId);
  if (request.receivedAt != null && !isBelievable(request.receivedAt, now)) {
    const message = 'Give an instant within the last ten years, or leave it out for the present.';
    return err(refusal('INVALID_VALUE', message, ['receivedAt']));
  }
  const receipt = {
    id: derivedId('payment', invoice.id, callId),
    amount: amount.value,
    receivedAt: request.receivedAt ?? now,
    reference: request.reference,
    origin: 'RECORDED' as const,
  };
  const taken = await takePayment(work, held.value, receipt, 'REFUSE');
  return taken.ok ? ok(taken.value.id) : taken;
}

/** Money does not come in later than now by the account's clock, and a slip in the year does not stand in the books for good. */
function isBelievable(receivedAt: Date, now: Date): boolean {
  const earliest = new Date(now);
  earliest.setUTCFullYear(earliest.getUTCFullYear() - 10);
  return receivedAt >= earliest && receivedAt <= now;
}
