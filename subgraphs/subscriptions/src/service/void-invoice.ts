import { derivedId } from '@fulfillment/kernel/domain/ids';
import { compare } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Invoice } from '../domain/invoice.js';
import { voidingCreditMemo } from '../domain/receivables/credit-memo.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { holdInvoice } from './hold-invoice.js';
import type { UnitOfWork } from './ports.js';
import { postDocuments } from './post-documents.js';
import { tellPartnerOfVoid } from './tell-partner.js';
import { refuseCreditable } from './refuse-creditable.js';

/**
 * Takes an invoice back as a whole, with a credit memo of the same lines. Its credit settles what is due on the invoice; what was
 * paid on it stays as account credit. Not when money that was paid on it went back as our expense, or is about to: its credit would
 * give that back a second time. The partner that sold it is told.
 * @returns the credit memo's id
 */
export async function voidInvoice(
  work: UnitOfWork,
  invoiceId: string,
): Promise<Result<string, BillingRefusal>> {
  const running = await refuseCreditable(work, invoiceId);
  if (running !== null) return err(running);
  const held = await holdInvoice(work, invoiceId);
  if (!held.ok) return held;
  const { invoice } = held.value;
  if (invoice.voidedBy !== null || (await work.documents.isCredited(invoice.id))) {
    const message =
      'Another document gives back a part of it or all: nothing more can be taken back as a whole.';
    return err(refusal('INVOICE_ALREADY_CREDITED', message, ['invoiceId']));
  }
  if (invoice.total.minor === 0n) {
    return err(
      refusal('INVOICE_SETTLED', 'It comes to nothing: there is nothing to take back.', ['invoiceId']),
    );
  }
  if (invoice.writtenOff.minor > 0n) {
    const message = 'Part of it or all was given up: taking it back too would credit what was never paid.';
    return err(refusal('INVOICE_SETTLED', message, ['invoiceId']));
  }
  const refunded = await refundedFault(work, invoice);
  if (refunded !== null) return err(refunded);
  const id = derivedId('void', invoice.id);
  const at = await work.clock.now(invoice.invoiceOwnerAccountId);
  const memo = voidingCreditMemo(invoice, id, at);
  const numbers = await postDocuments(work, [{ kind: 'CREDIT_MEMO', draft: memo }], at);
  const partnerId = await work.subscriptions.partnerOfRecord(invoice.lines[0]?.subscriptionId ?? '');
  if (partnerId !== null) {
    await tellPartnerOfVoid(work, { partnerId, memo, invoice, number: numbers.get(id) ?? '' }, at);
  }
  return ok(id);
}

async function refundedFault(work: UnitOfWork, { payments }: Invoice): Promise<BillingRefusal | null> {
  for (const { id } of payments) {
    if ((await work.refundAttempts.pendingOf(id)) !== null) {
      const message = 'A refund of what was paid on it is not settled yet: wait for its outcome.';
      return refusal('REFUND_PENDING', message, ['invoiceId']);
    }
    const refunds = await work.payments.refunds(id);
    if (refunds.some(({ amount, fromCredit }) => compare(fromCredit, amount) < 0)) {
      const message =
        'Money that was paid on it went back without any account credit, so its credit would give that back a second time: cancel what it charges for instead.';
      return refusal('INVOICE_ALREADY_CREDITED', message, ['invoiceId']);
    }
  }
  return null;
}
