import { agreementToContract } from '@fulfillment/kernel/domain/agreement/contract';
import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import type { FulfillmentStepPayload, GrantPayload } from '@fulfillment/schema/events/envelope';
import type {
  BillingSubscriptionPayload,
  PartnerInvoicePostedPayload,
} from '@fulfillment/schema/events/subscriptions';
import type { Money } from '@fulfillment/kernel/domain/money';
import type { CreditedPart } from '../domain/receivables/credited-part.js';
import type { BillingSubscription } from '../domain/subscription.js';
import type { StoredSubscription } from './ports.js';

/** The snapshot of a subscription: its newest version, the orders behind the newest ones, and what was bought once. */
export function subscriptionPayload(subscription: StoredSubscription): BillingSubscriptionPayload {
  const { id, number, deployment, head, heldSince, recentOrders, boughtOnce } = subscription;
  return {
    id,
    number,
    accountId: head.accountId,
    invoiceOwnerAccountId: head.invoiceOwnerAccountId,
    partnerOfRecordId: head.partnerOfRecordId,
    distributorId: head.distributorId,
    deployment,
    billingTimeZone: head.billingTimeZone,
    cause: head.cause,
    orderId: head.orderId,
    recentOrders: [...recentOrders],
    effectiveOn: head.effectiveOn,
    heldSince,
    agreement: agreementToContract(head.agreement),
    boughtOnce: boughtOnce.map(({ productCode, quantity, on }) => ({ productCode, quantity, on })),
  };
}

/** The partner of record and the distributor may see the subscription. */
export function subscriptionGrants({ id, head }: BillingSubscription, from: Date): GrantPayload[] {
  return [head.partnerOfRecordId, head.distributorId]
    .filter((partnerId) => partnerId !== null)
    .map((partnerId) => ({
      subject: { kind: 'PARTNER', id: partnerId },
      object: { kind: 'SUBSCRIPTION', id },
      from: from.toISOString(),
      until: null,
    }));
}

/** How a step of this service went, for the whole order at once; with a reason it was refused. */
export function stepPayload(
  orderId: string,
  kind: 'SUBSCRIPTION_CREATED' | 'SUBSCRIPTION_CHANGED' | 'INVOICE_POSTED',
  at: Date,
  reason: string | null,
): FulfillmentStepPayload {
  const status = reason === null ? 'DONE' : 'REFUSED';
  return { orderId, subscriptionId: null, kind, status, at: at.toISOString(), reason };
}

/** What a document of a partner's sale says of it: before tax, negative for a credit memo. */
export interface PartnerDocument {
  readonly id: string;
  readonly number: string;
  readonly orderId: string | null;
  readonly net: Money;
  readonly credits: readonly CreditedPart[];
  readonly postedAt: Date;
}

/** That an invoice or credit memo was posted for what a partner sold. */
export function partnerInvoicePayload(
  partnerId: string,
  { id, number, orderId, net, credits, postedAt }: PartnerDocument,
): PartnerInvoicePostedPayload {
  return {
    partnerId,
    invoiceId: id,
    invoiceNumber: number,
    orderId,
    net: moneyToPayload(net),
    credits: credits.map((part) => ({ invoiceId: part.invoiceId, net: moneyToPayload(part.net) })),
    postedAt: postedAt.toISOString(),
  };
}
