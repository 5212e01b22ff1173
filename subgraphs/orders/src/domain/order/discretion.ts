import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Order } from './order.js';

/** An order as a viewer gets to see it: `total` is null where the prices are not the viewer's business. */
export type VisibleOrder = Omit<Order, 'total'> & { readonly total: Order['total'] | null };

/**
 * Withholds the prices of a partner sale from the one who uses what was bought: what a partner pays is between the
 * partner and us.
 */
export function asSeenBy(viewer: Viewer, order: Order): VisibleOrder {
  const isPartnerSale = order.invoiceOwnerAccountId !== order.accountId;
  const isUser = viewer.audience === 'product' && viewer.accountId !== order.invoiceOwnerAccountId;
  return isPartnerSale && isUser ? { ...order, lines: [], total: null } : order;
}
