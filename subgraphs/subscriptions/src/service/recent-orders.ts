import type { SubscriptionVersion } from '../domain/subscription.js';
import { boughtOnceOf } from './bought-once.js';
import type { RecentOrder, StoredSubscription } from './ports.js';

/** As many as a snapshot may name. */
export const mostRecentOrders = 100;

/** A subscription with another head, the order behind that named first, and what was bought once with it. */
export function withRecentOrder<Subscription extends StoredSubscription>(
  subscription: Subscription,
  head: SubscriptionVersion,
): Subscription {
  return {
    ...subscription,
    head,
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
