import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import type { FulfillmentStepPayload, GrantPayload } from '@fulfillment/schema/events/envelope';
import type {
  BillingSubscriptionPayload,
  PartnerInvoicePostedPayload,
} from '@fulfillment/schema/events/subscriptions';
import type { Invoice } from '../domain/invoice.js';
import type { BillingSubscription } from '../domain/subscription.js';

/** The snapshot of a subscription: its newest version. */
export function subscriptionPayload(subscription: BillingSubscription): BillingSubscriptionPayload {
  const { id, number, deployment, currency, head } = subscription;
  return {
    id,
    number,
    accountId: head.accountId,
    invoiceOwnerAccountId: head.invoiceOwnerAccountId,
    partnerOfRecordId: head.partnerOfRecordId,
    distributorId: head.distributorId,
    deployment,
    billingTimeZone: head.billingTimeZone,
    currency,
    cause: head.cause,
    orderId: head.orderId,
    trial: head.trial,
    autoRenewal: head.autoRenewal,
    term: head.term,
    canceledOn: head.canceledOn,
    items: head.items.map(({ productCode, productKind, quantity, unitPrice, pricePeriod }) => ({
      productCode,
      productKind,
      quantity,
      unitPrice,
      pricePeriod,
    })),
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
  kind: 'SUBSCRIPTION_CREATED' | 'INVOICE_POSTED',
  at: Date,
  reason: string | null,
): FulfillmentStepPayload {
  const status = reason === null ? 'DONE' : 'REFUSED';
  return { orderId, subscriptionId: null, kind, status, at: at.toISOString(), reason };
}

/** That an invoice was posted for what a partner sold. */
export function partnerInvoicePayload(partnerId: string, invoice: Invoice): PartnerInvoicePostedPayload {
  return {
    partnerId,
    invoiceId: invoice.id,
    invoiceNumber: invoice.number,
    orderId: invoice.orderId,
    net: moneyToPayload(invoice.total),
    postedAt: invoice.postedAt.toISOString(),
  };
}
