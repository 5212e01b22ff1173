import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { OrderAction } from './actions/index.js';
import type { OrderDraft } from './judge.js';
import type { Order, OrderLine, OrderParties } from './order.js';

/** What a draft gets when it is placed. */
export interface Placement {
  readonly id: string;
  readonly number: string;
  readonly placedAt: Date;
  readonly placedBy: string;
  readonly purchaseOrderNumber: string | null;
  readonly parties: OrderParties;
}

/** The order that a draft becomes. The ids of actions and subscriptions follow from the order's. */
export function placeDraft(draft: OrderDraft, { parties, ...placement }: Placement): Order {
  const actions = draft.actions.map(({ details }, index) => identify(placement.id, index + 1, details));
  return {
    ...placement,
    ...parties,
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

function identify(
  orderId: string,
  position: number,
  details: OrderDraft['actions'][number]['details'],
): OrderAction {
  const id = derivedId('order-action', orderId, position);
  return { id, position, subscriptionId: derivedId('subscription', id), ...details };
}

function linesOf(draft: OrderDraft, actions: readonly OrderAction[]): OrderLine[] {
  return actions
    .flatMap(({ id, subscriptionId }, index) =>
      (draft.actions[index]?.charges ?? []).map((charge) => ({ actionId: id, subscriptionId, ...charge })),
    )
    .map((line, index) => ({ position: index + 1, ...line }));
}
