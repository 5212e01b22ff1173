import { z } from 'zod';
import {
  chargePayload,
  deploymentReference,
  grantPayload,
  localDatePayload,
  moneyPayload,
  type TopicContract,
} from './envelope.js';

export const accountPayload = z.object({
  id: z.uuid(),
  name: z.string(),
  countryCode: z.string().length(2),
  billingTimeZone: z.string(),
  currency: z.string().length(3),
  legalEntityCode: z.string(),
  paymentTermsDays: z.number().int().nonnegative(),
});
export type AccountPayload = z.infer<typeof accountPayload>;

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
    }),
  ),
});
export type ProductPayload = z.infer<typeof productPayload>;

/** One agreed product of a subscription, at the price that the order froze. */
const subscriptionItem = z.object({
  productCode: z.string(),
  productName: z.string(),
  productKind: z.enum(['PLAN', 'ADD_ON']),
  quantity: z.number().int().positive(),
  unitPrice: z.string(),
  pricePeriod: z.enum(['MONTH', 'YEAR', 'ONE_TIME']),
  billingPeriod: z.enum(['MONTH', 'YEAR', 'ONE_TIME']),
});

const createSubscriptionAction = z.object({
  kind: z.literal('CREATE_SUBSCRIPTION'),
  id: z.uuid(),
  position: z.number().int().positive(),
  subscriptionId: z.uuid(),
  deployment: deploymentReference,
  termMonths: z.number().int().positive(),
  autoRenewal: z.boolean(),
  items: z.array(subscriptionItem).min(1),
});

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
  actions: z.array(z.discriminatedUnion('kind', [createSubscriptionAction])).min(1),
  /** The charges with the subscription that each belongs to: what is billed equals them. */
  charges: z.array(chargePayload.extend({ subscriptionId: z.uuid() })),
  total: moneyPayload,
});
export type OrderPayload = z.infer<typeof orderPayload>;

/** What orders promises to publish. */
export const ordersTopics = {
  'orders.account': { kind: 'SNAPSHOT', payload: accountPayload },
  'orders.product': { kind: 'SNAPSHOT', payload: productPayload },
  'orders.order': { kind: 'SNAPSHOT', payload: orderPayload },
  'orders.grant': { kind: 'SNAPSHOT', payload: grantPayload },
} as const satisfies Record<string, TopicContract>;
