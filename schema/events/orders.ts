import { z } from 'zod';
import { chargePayload, orderActionPayload } from './agreement.js';
import { grantPayload, localDatePayload, moneyPayload, type TopicContract } from './envelope.js';

export const accountPayload = z.object({
  id: z.uuid(),
  name: z.string(),
  countryCode: z.string().length(2),
  billingTimeZone: z.string(),
  currency: z.string().length(3),
  legalEntityCode: z.string(),
  paymentTermsDays: z.number().int().nonnegative(),
  /** True for an account that lives on a test clock and moves no money. */
  sandbox: z.boolean(),
});
export type AccountPayload = z.infer<typeof accountPayload>;

/** The person of one role at an account. There is one at a time: another person is the next version of the same contact. */
export const contactPayload = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  name: z.string(),
  email: z.string(),
  /** In which language the person is written to: a tag of BCP 47. */
  language: z.string().default('en'),
  role: z.enum(['BILLING', 'SOLD_TO', 'SIGNATORY']),
});
export type ContactPayload = z.infer<typeof contactPayload>;

export const productPayload = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.enum(['PLAN', 'ADD_ON']),
  rank: z.number().int().nullable(),
  features: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      kind: z.enum(['ON_OFF', 'LIMIT', 'METERED_ALLOWANCE']),
      quantity: z.number().int().nullable(),
      /** An allowance of a plan: whether it may be exceeded. It may not where nothing is said. */
      overage: z.enum(['ALLOWED', 'BLOCKED']).optional(),
    }),
  ),
});
export type ProductPayload = z.infer<typeof productPayload>;

export const orderPayload = z.object({
  id: z.uuid(),
  number: z.string(),
  status: z.enum(['PLACED', 'FULFILLED', 'REFUSED']),
  accountId: z.uuid(),
  invoiceOwnerAccountId: z.uuid(),
  /** The partner who sells to the customer, and the distributor between, if any. */
  partnerId: z.uuid().nullable(),
  distributorId: z.uuid().nullable(),
  currency: z.string().length(3),
  effectiveDate: localDatePayload,
  placedAt: z.iso.datetime(),
  placedBy: z.string(),
  purchaseOrderNumber: z.string().nullable(),
  actions: z.array(orderActionPayload).min(1),
  /** The charges and credits with the subscription that each belongs to: what is billed equals them. */
  charges: z.array(chargePayload.extend({ subscriptionId: z.uuid() })),
  /** The sum of the charges with their tax; negative when the order brings money back. */
  total: moneyPayload,
});
export type OrderPayload = z.infer<typeof orderPayload>;

/** A revision of a quote, told when it is made and with each step. That it expires follows from `expiresAt`. */
export const quotePayload = z.object({
  id: z.uuid(),
  number: z.string(),
  revision: z.number().int().positive(),
  state: z.enum(['DRAFT', 'SENT', 'ACCEPTED', 'DECLINED', 'SUPERSEDED']),
  accountId: z.uuid(),
  invoiceOwnerAccountId: z.uuid(),
  /** The partner who sells to the customer, and the distributor between, if any. */
  partnerId: z.uuid().nullable(),
  distributorId: z.uuid().nullable(),
  purchaseOrderNumber: z.string().nullable(),
  validUntil: localDatePayload,
  expiresAt: z.iso.datetime(),
  /** With tax. */
  total: moneyPayload,
  /** The step that was taken; null when it was made. */
  step: z
    .object({
      kind: z.enum(['APPROVE', 'REJECT', 'SEND', 'ACCEPT', 'DECLINE', 'SUPERSEDE']),
      at: z.iso.datetime(),
      by: z.string(),
      reason: z.string().nullable(),
    })
    .nullable(),
  /** The order that it became. */
  orderId: z.uuid().nullable(),
});
export type QuotePayload = z.infer<typeof quotePayload>;

/** An order that is paid for on a payment provider's page, told when it is begun and when its status changes. */
export const checkoutPayload = z.object({
  id: z.uuid(),
  status: z.enum(['OPEN', 'PAID', 'COMPLETED', 'DECLINED', 'EXPIRED', 'REFUNDING', 'REFUNDED']),
  accountId: z.uuid(),
  /** With tax: what is paid, all at once. */
  total: moneyPayload,
  /** The payment provider's own reference of the payment, once it has succeeded. */
  paymentReference: z.string().nullable(),
  /** The order that was placed for it. */
  orderId: z.uuid().nullable(),
});
export type CheckoutPayload = z.infer<typeof checkoutPayload>;

/** A rule of offers, told with every change. */
export const offerRulePayload = z.object({
  code: z.string(),
  /** Its kind, and the thresholds of that kind. */
  condition: z.record(z.string(), z.union([z.string(), z.number()])),
  step: z.string(),
  placements: z.array(z.string()),
  priority: z.number().int(),
  activeFrom: z.iso.datetime(),
  activeUntil: z.iso.datetime().nullable(),
});
export type OfferRulePayload = z.infer<typeof offerRulePayload>;

/** An offer was dismissed, and stays away up to an instant. */
export const offerDismissalPayload = z.object({
  deploymentId: z.uuid(),
  ruleCode: z.string(),
  subject: z.string(),
  until: z.iso.datetime(),
});
export type OfferDismissalPayload = z.infer<typeof offerDismissalPayload>;

/** How often a locked feature was clicked or tried at a deployment. */
export const featureInterestPayload = z.object({
  deploymentId: z.uuid(),
  featureKey: z.string(),
  times: z.number().int().positive(),
  lastAt: z.iso.datetime(),
});
export type FeatureInterestPayload = z.infer<typeof featureInterestPayload>;

/** A lead as it stands, told with every change: what a CRM gets. */
export const leadPayload = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  accountName: z.string(),
  /** True for an account that lives on a test clock: its leads are told and not handed to a receiver. */
  sandbox: z.boolean(),
  deploymentId: z.uuid(),
  partnerId: z.uuid().nullable(),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  status: z.enum(['NEW', 'WORKING', 'QUALIFIED', 'DISQUALIFIED', 'CONVERTED']),
  region: z.enum(['AMERICAS', 'APAC', 'EMEA']),
  segment: z.enum(['SMALL_BUSINESS', 'MID_MARKET', 'ENTERPRISE']),
  owner: z.string(),
  /** The order by which it was converted; null for any other. */
  orderId: z.uuid().nullable().default(null),
  score: z.number().int(),
  scoreReasons: z.array(z.object({ code: z.string(), points: z.number().int(), reason: z.string() })),
  /** What was added to its history last. */
  lastEvent: z.object({
    kind: z.enum(['SALES_REQUESTED', 'TRIAL_STARTED', 'REOPENED', 'STATUS_CHANGED', 'OWNER_CHANGED']),
    at: z.iso.datetime(),
    by: z.string(),
    message: z.string().nullable(),
    seats: z.number().int().nullable(),
    planCode: z.string().nullable(),
  }),
  createdAt: z.iso.datetime(),
});
export type LeadPayload = z.infer<typeof leadPayload>;

/** What orders promises to publish. */
export const ordersTopics = {
  'orders.account': { kind: 'SNAPSHOT', payload: accountPayload },
  'orders.contact': { kind: 'SNAPSHOT', payload: contactPayload },
  'orders.product': { kind: 'SNAPSHOT', payload: productPayload },
  'orders.order': { kind: 'SNAPSHOT', payload: orderPayload },
  'orders.quote': { kind: 'SNAPSHOT', payload: quotePayload },
  'orders.checkout': { kind: 'SNAPSHOT', payload: checkoutPayload },
  'orders.offer-rule': { kind: 'SNAPSHOT', payload: offerRulePayload },
  'orders.offer-dismissal': { kind: 'SNAPSHOT', payload: offerDismissalPayload },
  'orders.feature-interest': { kind: 'SNAPSHOT', payload: featureInterestPayload },
  'orders.lead': { kind: 'SNAPSHOT', payload: leadPayload },
  'orders.grant': { kind: 'SNAPSHOT', payload: grantPayload },
} as const satisfies Record<string, TopicContract>;
