import { addMonths } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Account } from './account.js';
import type { InvoiceDraft } from './invoice.js';
import { draftInvoice } from './invoice-draft.js';
import type { CreateSubscription, OrderedItem, PlacedOrder } from './placed-order.js';
import { priceDifference } from './price-check.js';
import type { Refusal } from './refusal.js';
import type { SubscriptionIdentity, SubscriptionItem, SubscriptionVersion } from './subscription.js';

/** A subscription that an order creates; its number is given when it is stored. */
export interface NewSubscription extends Omit<SubscriptionIdentity, 'number'> {
  readonly first: SubscriptionVersion;
}

/** What an order comes to. `invoice` is null when it costs nothing: there is nothing to demand. */
export interface Fulfillment {
  readonly subscriptions: readonly NewSubscription[];
  readonly invoice: InvoiceDraft | null;
}

/** The two accounts of an order; the same one twice unless a partner sells. */
export interface OrderAccounts {
  readonly soldTo: Account;
  readonly invoiceOwner: Account;
}

/**
 * Carries out an order: the first versions of its subscriptions, and one invoice to the account that pays, with the order's
 * charges as they were frozen. Nothing but the arguments decides, so doing it again gives the same.
 * @param at the instant of posting: the invoice is issued on the day that it then is at the payer
 */
export function fulfillOrder(
  order: PlacedOrder,
  accounts: OrderAccounts,
  at: Date,
): Result<Fulfillment, Refusal> {
  const refusal = refusalOf(order, accounts);
  if (refusal !== null) return err(refusal);
  return ok({
    subscriptions: order.actions.map((action) => newSubscription(order, action, accounts.soldTo, at)),
    invoice: order.total.minor === 0n ? null : invoiceOf(order, accounts.invoiceOwner, at),
  });
}

function refusalOf(order: PlacedOrder, { invoiceOwner }: OrderAccounts): Refusal | null {
  const wrong = order.actions.find((action) => !hasOnePlan(action.items));
  if (wrong) {
    const message = `The subscription for ${wrong.deployment.externalId} needs exactly one plan, and each product once.`;
    return { code: 'PLAN_INVALID', message };
  }
  if (order.currency !== invoiceOwner.currency) {
    const message = `The order is in ${order.currency}; the account that pays has ${invoiceOwner.currency}.`;
    return { code: 'CURRENCY_MISMATCH', message };
  }
  const difference = priceDifference(order);
  return difference === null ? null : { code: 'PRICE_CHANGED', message: difference };
}

function hasOnePlan(items: readonly OrderedItem[]): boolean {
  const codes = new Set(items.map((item) => item.productCode));
  return codes.size === items.length && items.filter((item) => item.productKind === 'PLAN').length === 1;
}

/** The subscription that an action creates, with its first version, recorded at `at`. */
export function newSubscription(
  order: PlacedOrder,
  action: CreateSubscription,
  soldTo: Account,
  at: Date,
): NewSubscription {
  return {
    id: action.subscriptionId,
    deployment: action.deployment,
    currency: order.currency,
    first: {
      version: 1,
      cause: 'ORDER',
      orderId: order.id,
      recordedBy: order.placedBy,
      recordedAt: at,
      effectiveOn: order.effectiveDate,
      accountId: order.accountId,
      invoiceOwnerAccountId: order.invoiceOwnerAccountId,
      partnerOfRecordId: order.partnerId,
      distributorId: order.distributorId,
      billingTimeZone: soldTo.billingTimeZone,
      trial: false,
      autoRenewal: action.autoRenewal,
      term: {
        startDate: order.effectiveDate,
        endDate: addMonths(order.effectiveDate, action.termMonths),
        months: action.termMonths,
      },
      canceledOn: null,
      items: action.items.map(agreedItem),
    },
  };
}

/** What was agreed, without the product's name: that is orders' to say. */
function agreedItem(item: OrderedItem): SubscriptionItem {
  const { productCode, productKind, quantity, unitPrice, pricePeriod, billingPeriod } = item;
  return { productCode, productKind, quantity, unitPrice, pricePeriod, billingPeriod };
}

/** An order has one payer, so it has one invoice. */
function invoiceOf(order: PlacedOrder, payer: Account, at: Date): InvoiceDraft {
  const id = derivedId('invoice', order.id, payer.id);
  return draftInvoice({ id, orderId: order.id, payer, charges: order.charges, at });
}
