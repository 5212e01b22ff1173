import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { type Purchase, purchasesOf } from '../../domain/lead/conversion.js';
import { converted } from '../../domain/lead/lead.js';
import type { Order } from '../../domain/order/order.js';
import type { UnitOfWork } from '../ports.js';
import type { LeadCustomer } from '../../domain/lead/facts.js';
import type { OpenLeadsOf } from './ports.js';
import { recordLeadStep } from './touch-lead.js';

/**
 * The order was carried out: leads of the deployments that were bought for have bought. To be called once, in the transaction in
 * which the order becomes FULFILLED.
 */
export async function convertLeadsOfOrder(unit: UnitOfWork, order: Order, at: Date): Promise<void> {
  const bought = purchasesOf(order);
  if (bought.length === 0) return;
  const { id: orderId, accountId, placedAt, placedBy: by } = order;
  await convertLeads(
    unit,
    {
      accountId,
      deploymentIds: bought.flatMap(({ deployment }) => deployment?.id ?? []),
      subscriptionIds: bought.map(({ subscriptionId }) => subscriptionId),
    },
    { orderId, placedAt, at, by },
  );
}

/**
 * A trial that became paid by itself on the day on which it ended, as was agreed with the order that began it: no order is
 * carried out then. To be called before the snapshot is kept: that the trial was known tells it from one that is told again.
 */
export async function convertLeadsOfTrial(
  unit: UnitOfWork,
  { id, accountId, cause, agreement, recentOrders }: BillingSubscriptionPayload,
  at: Date,
): Promise<void> {
  if (cause !== 'TRIAL_END' || agreement.trial || !(await unit.leads.isOnTrial(id))) return;
  await convertLeads(
    unit,
    { accountId, deploymentIds: [], subscriptionIds: [id] },
    { orderId: recentOrders[0]?.orderId ?? null, placedAt: at, at, by: 'service:subscriptions' },
  );
}

async function convertLeads(unit: UnitOfWork, of: OpenLeadsOf, purchase: Purchase): Promise<void> {
  const customers = new Map<string, LeadCustomer | null>();
  for (const lead of await unit.leads.lockOpen(of, purchase.placedAt)) {
    const { deploymentId } = lead;
    const customer = customers.get(deploymentId) ?? (await unit.leads.customer(null, deploymentId));
    if (customer === null) throw new Error(`The deployment of lead ${lead.id} is not known`);
    customers.set(deploymentId, customer);
    await recordLeadStep(unit, converted(lead, purchase), customer);
  }
}
