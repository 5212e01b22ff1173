import { z } from 'zod';
import {
  deploymentReference,
  fulfillmentStepPayload,
  grantPayload,
  localDatePayload,
  moneyPayload,
  type TopicContract,
} from './envelope.js';

export const billingSubscriptionPayload = z.object({
  id: z.uuid(),
  number: z.string(),
  accountId: z.uuid(),
  invoiceOwnerAccountId: z.uuid(),
  partnerOfRecordId: z.uuid().nullable(),
  distributorId: z.uuid().nullable(),
  deployment: deploymentReference,
  billingTimeZone: z.string(),
  currency: z.string().length(3),
  /** The cause of the newest version and the order behind it. */
  cause: z.enum(['ORDER', 'AUTO_RENEWAL', 'RECONCILIATION', 'DUNNING', 'TRIAL_END']),
  orderId: z.uuid().nullable(),
  trial: z.boolean(),
  autoRenewal: z.boolean(),
  term: z.object({
    startDate: localDatePayload,
    endDate: localDatePayload,
    months: z.number().int().nullable(),
  }),
  /** The day on which it was canceled, if it was: it ends there instead of at the end of its term. */
  canceledOn: localDatePayload.nullable(),
  items: z.array(
    z.object({
      productCode: z.string(),
      productKind: z.enum(['PLAN', 'ADD_ON']),
      quantity: z.number().int().positive(),
      unitPrice: z.string(),
      pricePeriod: z.enum(['MONTH', 'YEAR', 'ONE_TIME']),
    }),
  ),
});
export type BillingSubscriptionPayload = z.infer<typeof billingSubscriptionPayload>;

/** An invoice was posted: adds up to commissions, so it is numbered within the partner of record. */
export const partnerInvoicePostedPayload = z.object({
  partnerId: z.uuid(),
  invoiceId: z.uuid(),
  invoiceNumber: z.string(),
  orderId: z.uuid().nullable(),
  /** The sum of the invoice's lines for this partner's subscriptions, before tax. */
  net: moneyPayload,
  postedAt: z.iso.datetime(),
});
export type PartnerInvoicePostedPayload = z.infer<typeof partnerInvoicePostedPayload>;

/** What subscriptions promises to publish. */
export const subscriptionsTopics = {
  'subscriptions.billing-subscription': { kind: 'SNAPSHOT', payload: billingSubscriptionPayload },
  'subscriptions.partner-invoice-posted': { kind: 'FACT', payload: partnerInvoicePostedPayload },
  'subscriptions.fulfillment-step': { kind: 'SNAPSHOT', payload: fulfillmentStepPayload },
  'subscriptions.grant': { kind: 'SNAPSHOT', payload: grantPayload },
} as const satisfies Record<string, TopicContract>;
