import { z } from 'zod';
import { agreementPayload } from './agreement.js';
import {
  deploymentReference,
  fulfillmentStepPayload,
  grantPayload,
  localDatePayload,
  moneyPayload,
  type TopicContract,
} from './envelope.js';
import {
  adjustmentPayload,
  creditMemoPayload,
  invoicePayload,
  paymentPayload,
  writeOffPayload,
} from './receivables.js';

export const billingSubscriptionPayload = z.object({
  id: z.uuid(),
  number: z.string(),
  accountId: z.uuid(),
  invoiceOwnerAccountId: z.uuid(),
  partnerOfRecordId: z.uuid().nullable(),
  distributorId: z.uuid().nullable(),
  deployment: deploymentReference,
  billingTimeZone: z.string(),
  /** The cause of the newest version and the order behind it. */
  cause: z.enum(['ORDER', 'AUTO_RENEWAL', 'RECONCILIATION', 'DUNNING', 'TRIAL_END']),
  orderId: z.uuid().nullable(),
  /**
   * The orders behind its newest versions, the newest first: a snapshot that was overtaken by a newer one is never taken in, and
   * its order is to be told of all the same.
   */
  recentOrders: z.array(z.object({ orderId: z.uuid(), version: z.number().int().positive() })).max(100),
  /** The day from which this version holds. */
  effectiveOn: localDatePayload,
  /** The day from which the account has it: that of its first version, or the one on which it came from another account. */
  heldSince: localDatePayload.optional(),
  agreement: agreementPayload,
  /**
   * What was bought once (packs), over its whole history: one entry for a product and term, with the first day on which it was
   * there. The agreement names it until the term ends; it is the customer's until it is used up. Snapshots that were made before
   * this was told leave it out.
   */
  boughtOnce: z
    .array(z.object({ productCode: z.string(), quantity: z.number().int().positive(), on: localDatePayload }))
    .optional(),
});
export type BillingSubscriptionPayload = z.infer<typeof billingSubscriptionPayload>;

/** An invoice was posted: adds up to commissions, so it is numbered within the partner of record. */
export const partnerInvoicePostedPayload = z.object({
  partnerId: z.uuid(),
  invoiceId: z.uuid(),
  invoiceNumber: z.string(),
  orderId: z.uuid().nullable(),
  /** The sum of the invoice's lines for this partner's subscriptions, before tax; negative for a credit memo. */
  net: moneyPayload,
  /** The parts of it that give back charges of earlier invoices: negative, or positive where such a part is taken back. */
  credits: z.array(z.object({ invoiceId: z.uuid(), net: moneyPayload })).default([]),
  postedAt: z.iso.datetime(),
});
export type PartnerInvoicePostedPayload = z.infer<typeof partnerInvoicePostedPayload>;

/** How far the test clock of a sandbox account has come; the other services take it over. */
export const testClockPayload = z.object({ accountId: z.uuid(), now: z.iso.datetime() });
export type TestClockPayload = z.infer<typeof testClockPayload>;

/** A reminder of an unpaid invoice is to go out; numbered within the invoice. */
export const reminderSentPayload = z.object({
  invoiceId: z.uuid(),
  invoiceNumber: z.string(),
  invoiceOwnerAccountId: z.uuid(),
  step: z.enum(['FIRST_REMINDER', 'SECOND_REMINDER', 'LAST_REMINDER']),
  dueOn: localDatePayload,
  /** What is still due. */
  amountDue: moneyPayload,
});
export type ReminderSentPayload = z.infer<typeof reminderSentPayload>;

/**
 * What came due by the clock and could not be done together with the rest. Subscriptions takes each in by itself, so that one which
 * fails stops no other. `kind` says what is to be done, and what `id` is the id of.
 */
export const dueWorkPayload = z.object({
  kind: z.enum([
    /** An order whose day has come is to be carried out. */
    'ORDER',
    /** A subscription is to be billed, renewed, converted or ended, as its contract says. */
    'SUBSCRIPTION',
    /** The draft of an invoice is to be posted, or to be made anew. */
    'DRAFT_INVOICE',
    /** What was told of the use of a subscription's seats, before its term was known, is to be taken in. */
    'SEAT_USAGE',
    /** The seats of a subscription that are used beyond those bought are to be settled. */
    'SEAT_RECONCILIATION',
    /** The unpaid invoices of an account are to be dunned. */
    'DUNNING',
    /** Unpaid subscriptions of an account are to be suspended, and paid ones resumed. */
    'SUSPENSION',
    /** What a legal entity earned is to be posted; the id is its code. */
    'REVENUE',
    /** The test clock of a sandbox account is to go on. */
    'TEST_CLOCK',
  ]),
  id: z.string(),
});

/** The payment provider is to be asked what became of an attempt to collect or to give back; the id is the attempt's. */
export const pendingPaymentPayload = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('PAYMENT'), id: z.uuid() }),
  z.object({ kind: z.literal('REFUND'), id: z.uuid() }),
]);

export type DueWorkPayload = z.infer<typeof dueWorkPayload>;
export type PendingPaymentPayload = z.infer<typeof pendingPaymentPayload>;

/** What subscriptions promises to publish. */
export const subscriptionsTopics = {
  'subscriptions.billing-subscription': { kind: 'SNAPSHOT', payload: billingSubscriptionPayload },
  'subscriptions.invoice': { kind: 'SNAPSHOT', payload: invoicePayload },
  'subscriptions.credit-memo': { kind: 'SNAPSHOT', payload: creditMemoPayload },
  'subscriptions.payment': { kind: 'SNAPSHOT', payload: paymentPayload },
  'subscriptions.write-off': { kind: 'SNAPSHOT', payload: writeOffPayload },
  'subscriptions.adjustment': { kind: 'SNAPSHOT', payload: adjustmentPayload },
  'subscriptions.partner-invoice-posted': { kind: 'FACT', payload: partnerInvoicePostedPayload },
  'subscriptions.reminder-sent': { kind: 'FACT', payload: reminderSentPayload },
  'subscriptions.fulfillment-step': { kind: 'SNAPSHOT', payload: fulfillmentStepPayload },
  'subscriptions.due-work': { kind: 'SNAPSHOT', payload: dueWorkPayload },
  'subscriptions.pending-payment': { kind: 'SNAPSHOT', payload: pendingPaymentPayload },
  'subscriptions.test-clock': { kind: 'SNAPSHOT', payload: testClockPayload },
  'subscriptions.grant': { kind: 'SNAPSHOT', payload: grantPayload },
} as const satisfies Record<string, TopicContract>;
