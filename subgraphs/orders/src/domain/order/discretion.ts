import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Order } from './order.js';

/** An order as a viewer gets to see it: `total` is null where the prices are not the viewer's business. */
export type VisibleOrder = Omit<Order, 'total'> & { readonly total: Order['total'] | null };

/**
 * Withholds the prices of a partner sale from its sold-to: what a partner pays is between the partner and us.
 */
export function asSeenBy(viewer: Viewer, order: Order): VisibleOrder {
  return seesPrices(viewer, order) ? order : { ...order, lines: [], total: null };
}

function seesPrices(viewer: Viewer, { accountId, invoiceOwnerAccountId }: Order): boolean {
  switch (viewer.audience) {
    case 'internal':
    case 'partner':
      return true;
    case 'product':
      return invoiceOwnerAccountId === accountId || invoiceOwnerAccountId === viewer.accountId;
    default:
      return assertNever(viewer);
  }
}
