import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { QuotePayload } from '@fulfillment/schema/events/orders';
import { type Quote, versionOf } from '../../domain/quote/quote.js';
import type { UnitOfWork } from '../ports.js';

/** Promises a quote as it stands to the other services. */
export async function promiseQuote({ events }: UnitOfWork, quote: Quote, occurredAt: Date): Promise<void> {
  await events.append('orders.quote', {
    aggregateId: quote.id,
    version: versionOf(quote),
    occurredAt,
    payload: toQuotePayload(quote),
  });
}

/** Lets the partner who sells, and the distributor behind it, see a quote: here alone, for no other service shows quotes. */
export async function grantQuote({ grants }: UnitOfWork, quote: Quote, from: Date): Promise<void> {
  for (const id of [quote.partnerId, quote.distributorId].filter((partner) => partner !== null)) {
    const grant: GrantPayload = {
      subject: { kind: 'PARTNER', id },
      object: { kind: 'QUOTE', id: quote.id },
      from: from.toISOString(),
      until: null,
    };
    await grants.put(grant);
  }
}

function toQuotePayload(quote: Quote): QuotePayload {
  const { id, number, revision, state, accountId, invoiceOwnerAccountId, partnerId, distributorId } = quote;
  const newest = quote.events.at(-1);
  return {
    id,
    number,
    revision,
    state,
    accountId,
    invoiceOwnerAccountId,
    partnerId,
    distributorId,
    purchaseOrderNumber: quote.request.purchaseOrderNumber ?? null,
    validUntil: quote.validUntil,
    expiresAt: quote.expiresAt.toISOString(),
    total: moneyToPayload(quote.draft.total),
    step:
      newest === undefined
        ? null
        : { kind: newest.step, at: newest.at.toISOString(), by: newest.by, reason: newest.reason },
    orderId: quote.orderId,
  };
}
