import { z } from 'zod';
import { deploymentReference, localDatePayload, moneyPayload } from './envelope.js';

const pricePeriod = z.enum(['WEEK', 'MONTH', 'YEAR', 'ONE_TIME']);
const billingPeriod = z.enum([
  'WEEK',
  'MONTH',
  'QUARTER',
  'HALF_YEAR',
  'YEAR',
  'TWO_YEARS',
  'THREE_YEARS',
  'FIVE_YEARS',
]);
const prorationPolicy = z.enum(['ACTUAL_DAYS', 'FIXED_30', 'STRICT_30_360', 'INCLUSIVE_DAYS', 'PER_SECOND']);
const changeTime = z.enum(['NOW', 'RENEWAL']);
const quantity = z.number().int().positive();

/** What was agreed for one product; prices are decimal strings in major units. */
const agreedItemPayload = z.object({
  productCode: z.string(),
  productName: z.string(),
  productKind: z.enum(['PLAN', 'ADD_ON']),
  quantity,
  unitPrice: z.string(),
  pricePeriod,
  discount: z
    .object({ kind: z.enum(['PERCENT', 'AMOUNT']), value: z.string(), renews: z.boolean() })
    .nullable(),
});

const plannedChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('QUANTITY'), productCode: z.string(), quantity }),
  z.object({ kind: z.literal('REMOVAL'), productCode: z.string() }),
  z.object({ kind: z.literal('PLAN'), productCode: z.string(), item: agreedItemPayload }),
]);

/** Everything that was agreed for one subscription, from some day on. */
export const agreementPayload = z.object({
  currency: z.string().length(3),
  term: z.object({
    startDate: localDatePayload,
    endDate: localDatePayload,
    months: z.number().int().nullable(),
  }),
  trial: z.boolean(),
  billing: z.object({ period: billingPeriod, anchor: localDatePayload, policy: prorationPolicy }),
  renewal: z.object({
    automatic: z.boolean(),
    termMonths: z.number().int().positive(),
    upliftPercent: z.string(),
    planned: z.array(plannedChange),
  }),
  subscriptionTerms: z.object({ decreaseAtOnce: z.boolean() }),
  items: z.array(agreedItemPayload).min(1),
  suspendedOn: localDatePayload.nullable(),
  canceledOn: localDatePayload.nullable(),
});

/** What an order does to the agreement of one subscription, told apart by `kind`. */
const agreementChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('CREATE_SUBSCRIPTION'), agreement: agreementPayload }),
  z.object({ kind: z.literal('ADD_PRODUCT'), item: agreedItemPayload }),
  z.object({ kind: z.literal('CHANGE_QUANTITY'), productCode: z.string(), quantity, when: changeTime }),
  z.object({
    kind: z.literal('CHANGE_PLAN'),
    item: agreedItemPayload,
    direction: z.enum(['UPGRADE', 'DOWNGRADE']),
    when: changeTime,
  }),
  z.object({ kind: z.literal('REMOVE_PRODUCT'), productCode: z.string(), when: changeTime }),
  z.object({
    kind: z.literal('RENEW'),
    termMonths: z.number().int().positive().nullable(),
    quantities: z.array(z.object({ productCode: z.string(), quantity })),
  }),
  z.object({ kind: z.literal('SUSPEND') }),
  z.object({ kind: z.literal('RESUME') }),
  z.object({ kind: z.literal('CANCEL'), on: localDatePayload.nullable() }),
  z.object({ kind: z.literal('TRANSFER_OWNER'), accountId: z.uuid() }),
  z.object({
    kind: z.literal('CHANGE_TERMS'),
    termMonths: z.number().int().positive().nullable(),
    autoRenewal: z.boolean().nullable(),
    billingPeriod: billingPeriod.nullable(),
    upliftPercent: z.string().nullable(),
    decreaseAtOnce: z.boolean().nullable(),
  }),
  z.object({ kind: z.literal('EXTEND_TRIAL'), endDate: localDatePayload }),
  z.object({
    kind: z.literal('CONVERT_TRIAL'),
    termMonths: z.number().int().positive(),
    autoRenewal: z.boolean(),
    billingAnchor: localDatePayload,
  }),
]);

/** One action of an order. Actions on one subscription build on each other, in the order of their positions. */
export const orderActionPayload = z.object({
  id: z.uuid(),
  position: z.number().int().positive(),
  /** The subscription that it creates or changes. */
  subscriptionId: z.uuid(),
  /** The version of the subscription that it was priced on; null for one that it creates. */
  baseVersion: z.number().int().positive().nullable(),
  /** What a new subscription is for; null for a change. */
  deployment: deploymentReference.nullable(),
  change: agreementChange,
});

/** A charge or credit as it was rated: shared by orders (frozen) and invoices (billed). */
export const chargePayload = z.object({
  kind: z.enum(['CHARGE', 'DISCOUNT', 'CREDIT', 'DISCOUNT_CREDIT']),
  productCode: z.string(),
  productName: z.string(),
  quantity,
  /** Decimal string in major units, for example "29.00"; may carry more digits than the currency; negative for a discount. */
  unitPrice: z.string(),
  pricePeriod,
  serviceStart: localDatePayload,
  serviceEnd: localDatePayload,
  /** Decimal string; "1" for a whole billing period. */
  prorationRatio: z.string(),
  prorationPolicy,
  /** Before tax; negative on credits and discounts. */
  amount: moneyPayload,
  /** What comes on top. */
  tax: z.object({ rate: z.string(), jurisdiction: z.string(), reason: z.string(), amount: moneyPayload }),
});
