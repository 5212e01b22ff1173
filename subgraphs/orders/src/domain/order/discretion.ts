import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Order } from './order.js';

/** An order as a viewer gets to see it: `total` is null where the prices are not the viewer's business. */
export type VisibleOrder = Omit<Order, 'total'> & { readonly total: Order['total'] | null };

/**
 * Withholds the prices of a partner sale from its sold-to, and the partner's purchase order number: what a partner pays,
 * and under which number, is between the partner and us. So are the amounts that a refusal may name.
 */
export function asSeenBy(viewer: Viewer, order: Order): VisibleOrder {
  return seesPrices(viewer, order)
    ? order
    : {
        ...order,
        lines: [],
        total: null,
        purchaseOrderNumber: null,
        refusalReason: withheld(order.refusalReason),
        told: order.told.map((step) => ({ ...step, reason: withheld(step.reason) })),
      };
}

function withheld(reason: string | null): string | null {
  return reason === null ? null : 'Ask the partner who sold it.';
}

/** False for the sold-to of a partner sale: what its partner pays is not its business. */
export function seesPrices(
  viewer: Viewer,
  { accountId, invoiceOwnerAccountId }: Pick<Order, 'accountId' | 'invoiceOwnerAccountId'>,
): boolean {
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
