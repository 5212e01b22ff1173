import { heldSince, type SubscriptionVersion } from '../domain/subscription.js';
import { boughtOnceOf } from './bought-once.js';
import type { RecentOrder, StoredSubscription } from './ports.js';

/** As many as a snapshot may name. */
export const mostRecentOrders = 100;

/** A subscription with another head, the order behind that named first, what was bought once with it, and since when its account has it. */
export function withRecentOrder<Subscription extends StoredSubscription>(
  subscription: Subscription,
  head: SubscriptionVersion,
): Subscription {
  const { accountId } = subscription.head;
  return {
    ...subscription,
    head,
    heldSince: heldSince(head, { accountId, heldSince: subscription.heldSince }),
    recentOrders: recentOrdersOf(head, subscription.recentOrders),
    boughtOnce: boughtOnceOf(head, subscription.boughtOnce),
  };
}

/** The orders that a snapshot names: the newest version's first. */
export function recentOrdersOf(
  { orderId, version }: Pick<SubscriptionVersion, 'orderId' | 'version'>,
  earlier: readonly RecentOrder[],
): RecentOrder[] {
  const own = orderId === null ? [] : [{ orderId, version }];
  return [...own, ...earlier.filter((order) => order.orderId !== orderId)].slice(0, mostRecentOrders);
}
