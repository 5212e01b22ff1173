import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { voidingCreditMemo } from '../domain/receivables/credit-memo.js';
import { type BillingRefusal, refusal } from '../domain/receivables/refusal.js';
import { holdInvoice } from './hold-invoice.js';
import type { UnitOfWork } from './ports.js';
import { postDocuments } from './post-documents.js';
import { tellPartnerOfVoid } from './tell-partner.js';
import { refuseCreditable } from './refuse-creditable.js';

/**
 * Takes an invoice back as a whole, with a credit memo of the same lines. Its credit settles what is due on the invoice; what was
 * paid on it stays as account credit. The partner that sold it is told.
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
