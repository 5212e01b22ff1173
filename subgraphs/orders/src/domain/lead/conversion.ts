import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Order, OrderAction } from '../order/order.js';

/** What says that somebody bought. */
export interface Purchase {
  /** Null when it is not known. */
  readonly orderId: string | null;
  /** A lead that came in later is about something else. */
  readonly placedAt: Date;
  /** When it was carried out. */
  readonly at: Date;
  /** Who ordered: the audience and subject of the token; or the service that told of it. */
  readonly by: string;
}

/** The actions of an order by which somebody buys: they make leads of their deployments converted. */
export function purchasesOf({ actions, lines }: Pick<Order, 'actions' | 'lines'>): OrderAction[] {
  return actions.filter((action) => isPurchase(action, lines));
}

/**
 * Buying is a paid subscription or term, a product, more seats or a better plan. To try something, to give something back and to
 * change when or by whom it is used is not.
 */
function isPurchase({ id, change }: OrderAction, lines: Order['lines']): boolean {
  switch (change.kind) {
    case 'CREATE_SUBSCRIPTION':
      return !change.agreement.trial;
    case 'CONVERT_TRIAL':
    case 'ADD_PRODUCT':
    case 'RENEW':
      return true;
    case 'CHANGE_QUANTITY':
    case 'CHANGE_PLAN':
      return lines.reduce((sum, line) => (line.actionId === id ? sum + line.amount.minor : sum), 0n) > 0n;
    case 'REMOVE_PRODUCT':
    case 'SUSPEND':
    case 'RESUME':
    case 'CANCEL':
    case 'TRANSFER_OWNER':
    case 'CHANGE_TERMS':
    case 'EXTEND_TRIAL':
      return false;
    default:
      return assertNever(change);
  }
}
