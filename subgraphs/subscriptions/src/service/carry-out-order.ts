import { type Fulfillment, fulfillOrder, type OrderAccounts } from '../domain/fulfillment.js';
import type { PlacedOrder } from '../domain/placed-order.js';
import { type Refusal, refusalReason } from '../domain/refusal.js';
import {
  partnerInvoicePayload,
  stepPayload,
  subscriptionGrants,
  subscriptionPayload,
} from './domain-to-contract.js';
import type { Work } from './ports.js';

/** Carries out an order whose accounts are known, or refuses it; an order that was decided before changes nothing. */
export async function carryOutOrder(work: Work, order: PlacedOrder, accounts: OrderAccounts): Promise<void> {
  const at = await work.clock.now(order.accountId);
  const fulfilled = fulfillOrder(order, accounts, at);
  const isNew = await work.orderOutcomes.record({
    orderId: order.id,
    outcome: fulfilled.ok ? 'FULFILLED' : 'REFUSED',
    reason: fulfilled.ok ? null : refusalReason(fulfilled.error),
    decidedAt: at,
  });
  if (!isNew) return;
  if (fulfilled.ok) await fulfill(work, order, fulfilled.value, at);
  else await refuse(work, order, fulfilled.error, at);
}

/**
 * Grants hold from now by the system's clock, which they are held against, whatever the account's own clock says. Numbers
 * are drawn last, because the postings of a legal entity wait for each other from then on.
 */
async function fulfill(work: Work, order: PlacedOrder, fulfillment: Fulfillment, at: Date): Promise<void> {
  const { announcements } = work;
  const grantedFrom = await work.clock.now(null);
  for (const subscription of await work.subscriptions.create(fulfillment.subscriptions)) {
    for (const grant of subscriptionGrants(subscription, grantedFrom)) {
      await work.grants.put(grant);
      await announcements.grantGiven(grant, at);
    }
    await announcements.subscriptionChanged(subscription.head.version, subscriptionPayload(subscription), at);
  }
  await announcements.stepTaken(stepPayload(order.id, 'SUBSCRIPTION_CREATED', at, null), at);
  await announcements.stepTaken(stepPayload(order.id, 'INVOICE_POSTED', at, null), at);
  if (fulfillment.invoice === null) return;
  const invoice = await work.invoices.post(fulfillment.invoice);
  if (order.partnerId === null) return;
  await announcements.partnerInvoicePosted(partnerInvoicePayload(order.partnerId, invoice), at);
}

/** Nothing of a refused order takes effect, and both steps say why. */
async function refuse(work: Work, order: PlacedOrder, refusal: Refusal, at: Date): Promise<void> {
  const reason = refusalReason(refusal);
  await work.announcements.stepTaken(stepPayload(order.id, 'SUBSCRIPTION_CREATED', at, reason), at);
  await work.announcements.stepTaken(stepPayload(order.id, 'INVOICE_POSTED', at, reason), at);
}
