import { ratePeriods } from '@fulfillment/kernel/domain/billing/rating';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { SubscriptionStory, TermStory } from '@fulfillment/kernel/population/story';
import type { Account } from '../domain/account.js';
import { newSubscription } from '../domain/actions/create-subscription.js';
import { draftInvoice } from '../domain/invoice-draft.js';
import type { InvoiceDraft, Payment } from '../domain/invoice.js';
import type { FrozenCharge, PlacedOrder } from '../domain/placed-order.js';
import type { SubscriptionIdentity, SubscriptionItem, SubscriptionVersion } from '../domain/subscription.js';

/** A subscription's whole past: every version, every invoice, and the payments that came in. */
export interface SubscriptionHistory {
  readonly identity: Omit<SubscriptionIdentity, 'number'>;
  readonly versions: readonly SubscriptionVersion[];
  readonly invoices: readonly { readonly draft: InvoiceDraft; readonly paidOn: LocalDate | null }[];
}

export interface HistoryFacts {
  readonly story: SubscriptionStory;
  readonly order: PlacedOrder;
  readonly soldTo: Account;
  readonly invoiceOwner: Account;
  /** Names for invoice lines, by product code. */
  readonly productNames: ReadonlyMap<string, string>;
}

/** Tells what became of an order: its own term, one version and one invoice for each renewal, and an end by dunning. */
export function historyOf(facts: HistoryFacts): SubscriptionHistory {
  const { story, order, soldTo } = facts;
  const [action] = order.actions;
  const [firstTerm, ...renewals] = story.terms;
  if (!action || !firstTerm) throw new Error(`Order ${order.id} has no action or no term`);

  const { first, ...identity } = newSubscription(action, { order, soldTo, at: firstTerm.recordedAt });
  const versions = [
    { ...first, trial: story.trial, autoRenewal: story.autoRenewal, term: termOf(firstTerm) },
  ];
  const invoices: { draft: InvoiceDraft; paidOn: LocalDate | null }[] = [];
  if (!story.trial) {
    invoices.push({
      draft: draftInvoice({
        id: derivedId('invoice', order.id, facts.invoiceOwner.id),
        orderId: order.id,
        invoiceOwner: facts.invoiceOwner,
        charges: order.charges,
        at: firstTerm.recordedAt,
      }),
      paidOn: firstTerm.paidOn,
    });
  }
  for (const term of renewals) {
    const version = renewed(newestOf(versions), term);
    versions.push(version);
    invoices.push({ draft: renewalInvoice(identity.id, version, facts), paidOn: term.paidOn });
  }
  if (story.canceledOn !== null) versions.push(dunned(newestOf(versions), story.canceledOn));
  return { identity, versions, invoices };
}

/** The payment of an invoice in full at noon of a day. */
export function paymentOf(invoice: InvoiceDraft, paidOn: LocalDate): Payment {
  return {
    id: derivedId('payment', invoice.id),
    invoiceId: invoice.id,
    amount: invoice.total,
    receivedAt: new Date(`${paidOn}T12:00:00Z`),
    reference: `bank transfer ${paidOn}`,
  };
}

function newestOf(versions: readonly SubscriptionVersion[]): SubscriptionVersion {
  const newest = versions.at(-1);
  if (!newest) throw new Error('A history has a first version');
  return newest;
}

function termOf({ startDate, endDate, months }: TermStory): SubscriptionVersion['term'] {
  return { startDate, endDate, months };
}

/** The contract's own renewal, at the agreed prices. What was bought once is not bought again. */
function renewed(before: SubscriptionVersion, term: TermStory): SubscriptionVersion {
  return {
    ...before,
    version: before.version + 1,
    cause: 'AUTO_RENEWAL',
    orderId: null,
    recordedBy: 'system',
    recordedAt: term.recordedAt,
    effectiveOn: term.startDate,
    term: termOf(term),
    items: before.items.filter((item) => item.pricePeriod !== 'ONE_TIME'),
  };
}

function dunned(before: SubscriptionVersion, canceledOn: LocalDate): SubscriptionVersion {
  return {
    ...before,
    version: before.version + 1,
    cause: 'DUNNING',
    orderId: null,
    recordedBy: 'system',
    recordedAt: new Date(`${canceledOn}T06:00:00Z`),
    effectiveOn: canceledOn,
    autoRenewal: false,
    canceledOn,
  };
}

function renewalInvoice(
  subscriptionId: string,
  version: SubscriptionVersion,
  facts: HistoryFacts,
): InvoiceDraft {
  const { invoiceOwner, productNames } = facts;
  return draftInvoice({
    id: derivedId('invoice', subscriptionId, version.version, invoiceOwner.id),
    orderId: null,
    invoiceOwner,
    charges: version.items.flatMap((item) => charges(subscriptionId, item, version, facts, productNames)),
    at: version.recordedAt,
  });
}

function charges(
  subscriptionId: string,
  item: SubscriptionItem,
  { term, effectiveOn }: SubscriptionVersion,
  { order }: HistoryFacts,
  productNames: ReadonlyMap<string, string>,
): FrozenCharge[] {
  const rated = ratePeriods({
    unitPrice: item.unitPrice,
    currency: order.currency,
    pricePeriod: item.pricePeriod,
    billingPeriod: item.billingPeriod,
    quantity: item.quantity,
    anchor: effectiveOn,
    servicePeriod: { start: term.startDate, end: term.endDate },
    policy: 'ACTUAL_DAYS',
  });
  const productName = productNames.get(item.productCode) ?? item.productCode;
  return rated.map((charge) => ({ ...charge, subscriptionId, productCode: item.productCode, productName }));
}
