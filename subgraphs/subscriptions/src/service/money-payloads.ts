import { type Money, money, subtract, sum } from '@fulfillment/kernel/domain/money';
import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import type {
  AdjustmentPayload,
  CreditMemoPayload,
  InvoicePayload,
  PaymentPayload,
  WriteOffPayload,
} from '@fulfillment/schema/events/receivables';
import {
  amountCredited,
  amountDue,
  amountPaid,
  type Invoice,
  type InvoiceDraft,
  invoiceStatusAt,
  type Payment,
} from '../domain/invoice.js';
import type { Adjustment, WriteOff } from '../domain/receivables/approval.js';
import type { CreditMemo, CreditMemoDraft } from '../domain/receivables/credit-memo.js';
import type { PaymentAttempt } from '../domain/receivables/payment-attempt.js';
import type { Refund } from '../domain/receivables/refund.js';

/** What an invoice and a credit memo have alike in their snapshots. */
function documentPayload({ lines, ...document }: Pick<Invoice, keyof CreditMemoDraft & keyof InvoiceDraft>) {
  const { id, legalEntityCode, invoiceOwnerAccountId, orderId, issuedOn } = document;
  return {
    id,
    legalEntityCode,
    invoiceOwnerAccountId,
    orderId,
    subscriptionIds: [...new Set(lines.map(({ subscriptionId }) => subscriptionId))],
    issuedOn,
    net: moneyToPayload(document.net),
    tax: moneyToPayload(document.tax),
    total: moneyToPayload(document.total),
  };
}

/** @param at the instant of the transition, at which its status holds */
export function invoicePayload(invoice: Invoice, at: Date): InvoicePayload {
  return {
    ...documentPayload(invoice),
    number: invoice.number,
    status: invoiceStatusAt(invoice, at),
    dueOn: invoice.dueOn,
    amountPaid: moneyToPayload(amountPaid(invoice)),
    creditsApplied: moneyToPayload(amountCredited(invoice)),
    amountWrittenOff: moneyToPayload(invoice.writtenOff),
    amountDue: moneyToPayload(amountDue(invoice)),
    voidedById: invoice.voidedBy,
  };
}

/** A draft: the invoice that it becomes when nobody posts it before its time. */
export function draftPayload(draft: InvoiceDraft): InvoicePayload {
  const nothing = money(0n, draft.currency);
  const unsettled = { payments: [], creditsApplied: [], writtenOff: nothing, voidedBy: null };
  const payload = invoicePayload({ ...draft, ...unsettled, number: '' }, draft.postedAt);
  return { ...payload, number: null, status: 'DRAFT' };
}

/** @param remaining what is left of its credit */
export function creditMemoPayload(memo: CreditMemo, remaining: Money): CreditMemoPayload {
  return {
    ...documentPayload(memo),
    number: memo.number,
    voidsInvoiceId: memo.voidsInvoiceId,
    remaining: moneyToPayload(remaining),
  };
}

/**
 * @param invoice that it came in for
 * @param refunds all that went back of it
 */
export function paymentPayload(
  payment: Payment,
  { invoiceOwnerAccountId }: Pick<Invoice, 'invoiceOwnerAccountId'>,
  refunds: readonly Pick<Refund, 'amount'>[],
): PaymentPayload {
  const { id, invoiceId, amount, overpaid, receivedAt, reference } = payment;
  const refunded = sum(
    refunds.map((refund) => refund.amount),
    amount.currency,
  );
  const left = subtract(amount, refunded).minor;
  return {
    id,
    invoiceId,
    invoiceOwnerAccountId,
    status: refunded.minor === 0n ? 'RECEIVED' : left > 0n ? 'PARTLY_REFUNDED' : 'REFUNDED',
    amount: moneyToPayload(amount),
    overpaid: moneyToPayload(overpaid),
    refunded: moneyToPayload(refunded),
    at: receivedAt.toISOString(),
    detail: reference,
  };
}

/**
 * An attempt to collect that came to nothing.
 * @param id the id that the payment would have had
 */
export function failedPaymentPayload(
  id: string,
  { amount }: PaymentAttempt,
  { id: invoiceId, invoiceOwnerAccountId }: Pick<Invoice, 'id' | 'invoiceOwnerAccountId'>,
  { at, reason }: { readonly at: Date; readonly reason: string },
): PaymentPayload {
  const nothing = moneyToPayload(money(0n, amount.currency));
  return {
    id,
    invoiceId,
    invoiceOwnerAccountId,
    status: 'FAILED',
    amount: moneyToPayload(amount),
    overpaid: nothing,
    refunded: nothing,
    at: at.toISOString(),
    detail: reason,
  };
}

/** @param approvedBy null while it waits for a second person */
export function writeOffPayload(
  writeOff: WriteOff,
  invoiceOwnerAccountId: string,
  approvedBy: string | null,
): WriteOffPayload {
  const { invoiceId } = writeOff;
  return { ...requestPayload(writeOff, approvedBy), invoiceId, invoiceOwnerAccountId };
}

/** @param approvedBy null while it waits for a second person */
export function adjustmentPayload(adjustment: Adjustment, approvedBy: string | null): AdjustmentPayload {
  const { legalEntityCode, debit, credit, bookedOn } = adjustment;
  return { ...requestPayload(adjustment, approvedBy), legalEntityCode, debit, credit, bookedOn };
}

function requestPayload(
  { id, amount, reason, requestedBy }: WriteOff | Adjustment,
  approvedBy: string | null,
): Pick<WriteOffPayload, 'id' | 'amount' | 'reason' | 'status' | 'requestedBy' | 'approvedBy'> {
  const status = approvedBy === null ? 'REQUESTED' : 'APPROVED';
  return { id, amount: moneyToPayload(amount), reason, status, requestedBy, approvedBy };
}
