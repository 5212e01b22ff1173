import { z } from 'zod';
import { localDatePayload, moneyPayload } from './envelope.js';

/*
 * What subscriptions tells of money. Each is a snapshot: how the document, payment or request stands after a transition. The lines
 * of a document never change once it is posted and are read through the graph.
 */

const document = {
  id: z.uuid(),
  legalEntityCode: z.string(),
  invoiceOwnerAccountId: z.uuid(),
  orderId: z.uuid().nullable(),
  /** The subscriptions that its lines are for. */
  subscriptionIds: z.array(z.uuid()),
  issuedOn: localDatePayload,
  /** The sums of its lines before tax, of their tax, and of both. */
  net: moneyPayload,
  tax: moneyPayload,
  total: moneyPayload,
};

/** An invoice was drafted, posted, settled in part or in full, given up, or taken back. */
export const invoicePayload = z.object({
  ...document,
  /** Null for a draft; its days are those that it will have when nobody posts it before. */
  number: z.string().nullable(),
  /** At the instant of the transition. That its due day has passed is no transition: nothing is done at that moment. */
  status: z.enum(['DRAFT', 'POSTED', 'PARTLY_PAID', 'PAID', 'OVERDUE', 'WRITTEN_OFF', 'VOID']),
  dueOn: localDatePayload,
  amountPaid: moneyPayload,
  creditsApplied: moneyPayload,
  amountWrittenOff: moneyPayload,
  amountDue: moneyPayload,
  /** The credit memo that takes back all of it. */
  voidedById: z.uuid().nullable(),
});
export type InvoicePayload = z.infer<typeof invoicePayload>;

/** A credit memo was posted, or a part of its credit was used. Its amounts are positive. */
export const creditMemoPayload = z.object({
  ...document,
  number: z.string(),
  /** The invoice that it takes back as a whole. */
  voidsInvoiceId: z.uuid().nullable(),
  /** What has not settled an invoice or gone back to the customer yet. */
  remaining: moneyPayload,
});
export type CreditMemoPayload = z.infer<typeof creditMemoPayload>;

/** Money came in for an invoice, could not be collected, or went back. */
export const paymentPayload = z.object({
  id: z.uuid(),
  invoiceId: z.uuid(),
  invoiceOwnerAccountId: z.uuid(),
  status: z.enum(['RECEIVED', 'FAILED', 'PARTLY_REFUNDED', 'REFUNDED']),
  /** What came in, or was to be collected. */
  amount: moneyPayload,
  /** The part of it that was not due any more. */
  overpaid: moneyPayload,
  refunded: moneyPayload,
  /** When it came in or failed. */
  at: z.iso.datetime(),
  /** What the bank or the payment provider calls it; of one that failed, why. */
  detail: z.string(),
});
export type PaymentPayload = z.infer<typeof paymentPayload>;

const request = {
  id: z.uuid(),
  amount: moneyPayload,
  reason: z.string(),
  status: z.enum(['REQUESTED', 'APPROVED']),
  requestedBy: z.string(),
  approvedBy: z.string().nullable(),
};

/** Somebody asked to give up an amount of an invoice, or another person approved it. */
export const writeOffPayload = z.object({
  ...request,
  invoiceId: z.uuid(),
  invoiceOwnerAccountId: z.uuid(),
});
export type WriteOffPayload = z.infer<typeof writeOffPayload>;

/** Somebody asked to move an amount between ledger accounts, or another person approved it. */
export const adjustmentPayload = z.object({
  ...request,
  legalEntityCode: z.string(),
  debit: z.string(),
  credit: z.string(),
  bookedOn: localDatePayload,
});
export type AdjustmentPayload = z.infer<typeof adjustmentPayload>;
