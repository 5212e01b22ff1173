import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { JudgedAction } from './carry-out.js';
import { draftLines, type OrderDraft } from './judge.js';
import type { Order, OrderAction, OrderLine } from './order.js';

/** What a draft gets when it is placed. */
export interface Placement {
  readonly id: string;
  readonly number: string;
  readonly placedAt: Date;
  readonly placedBy: string;
  readonly purchaseOrderNumber: string | null;
}

/** The order that a draft becomes. The ids of actions and of new subscriptions follow from the order's. */
export function placeDraft(draft: OrderDraft, placement: Placement): Order {
  const actions = draft.actions.map((action, index) => identify(placement.id, index + 1, action));
  return {
    ...placement,
    ...draft.parties,
    status: 'PLACED',
    currency: draft.currency,
    effectiveDate: draft.effectiveDate,
    actions,
    lines: linesOf(draft, actions),
    total: draft.total,
    told: [],
    refusalReason: null,
    version: 1,
  };
}

function identify(orderId: string, position: number, action: JudgedAction): OrderAction {
  const id = derivedId('order-action', orderId, position);
  const { subscriptionId, baseVersion, deployment, change } = action;
  return {
    id,
    position,
    subscriptionId: subscriptionId ?? derivedId('subscription', id),
    baseVersion,
    deployment,
    change,
  };
}

function linesOf(draft: OrderDraft, actions: readonly OrderAction[]): OrderLine[] {
  const byPosition = new Map(actions.map((action) => [action.position, action]));
  return draftLines(draft).flatMap((line) => {
    const action = byPosition.get(line.actionPosition);
    return action === undefined
      ? []
      : [{ ...line, actionId: action.id, subscriptionId: action.subscriptionId }];
  });
}
