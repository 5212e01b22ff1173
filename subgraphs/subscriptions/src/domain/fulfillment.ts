import { derivedId } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Account } from './account.js';
import { actionRefusal, newSubscriptionsOf } from './actions/index.js';
import type { InvoiceDraft } from './invoice.js';
import { draftInvoice } from './invoice-draft.js';
import type { PlacedOrder } from './placed-order.js';
import { priceDifference } from './price-check.js';
import type { Refusal } from './refusal.js';
import type { NewSubscription } from './subscription.js';

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
 * @param at the instant of posting: the invoice is issued on the day that it then is at the invoice owner
 */
export function fulfillOrder(
  order: PlacedOrder,
  accounts: OrderAccounts,
  at: Date,
): Result<Fulfillment, Refusal> {
  const refusal = refusalOf(order, accounts);
  if (refusal !== null) return err(refusal);
  const setting = { order, soldTo: accounts.soldTo, at };
  return ok({
    subscriptions: order.actions.flatMap((action) => newSubscriptionsOf(action, setting)),
    invoice: order.total.minor === 0n ? null : invoiceOf(order, accounts.invoiceOwner, at),
  });
}

function refusalOf(order: PlacedOrder, { invoiceOwner }: OrderAccounts): Refusal | null {
  for (const action of order.actions) {
    const refusal = actionRefusal(action);
    if (refusal !== null) return refusal;
  }
  if (order.currency !== invoiceOwner.currency) {
    const message = `The order is in ${order.currency}; the account that pays has ${invoiceOwner.currency}.`;
    return { code: 'CURRENCY_MISMATCH', message };
  }
  const difference = priceDifference(order);
  return difference === null ? null : { code: 'PRICE_CHANGED', message: difference };
}

/** An order has one invoice owner, so it has one invoice. */
function invoiceOf(order: PlacedOrder, invoiceOwner: Account, at: Date): InvoiceDraft {
  const id = derivedId('invoice', order.id, invoiceOwner.id);
  return draftInvoice({ id, orderId: order.id, invoiceOwner, charges: order.charges, at });
}
