import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { type OrderError, orderError, orderErrorCodes } from '../domain/order/errors.js';
import { deploymentsOf, judgeOrder, type OrderDraft } from '../domain/order/judge.js';
import { type Order, orderNumber } from '../domain/order/order.js';
import { placeDraft } from '../domain/order/place.js';
import { idempotencyKeyLength, textError } from '../domain/order/text.js';
import {
  accountNotFound,
  type AccountRequest,
  type Asking,
  loadFacts,
  type LoadedFacts,
} from './load-facts.js';
import { grantsOf, promiseGrant, promiseOrder } from './promises.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

export interface PlaceOrderRequest extends AccountRequest {
  readonly idempotencyKey: string;
}

/** The order that was placed, or what is wrong with it. It is kept with the key, so it is plain JSON. */
export interface PlaceOrderAnswer {
  readonly orderId: string | null;
  readonly errors: readonly OrderError[];
}

/**
 * Places an order in one transaction: the order, the grants of the partner who sells, and the events that tell the other
 * services. The same key and input give the first answer again.
 */
export async function placeOrder(
  run: RunTransaction,
  asking: Asking,
  { idempotencyKey, ...request }: PlaceOrderRequest,
): Promise<PlaceOrderAnswer> {
  const keyError = textError(idempotencyKey, ['idempotencyKey'], idempotencyKeyLength);
  if (keyError !== null) return refused([keyError]);
  return run(async (unit) => {
    const call = {
      client: clientOf(asking.viewer),
      mutation: 'placeOrder',
      key: idempotencyKey,
      input: request,
    };
    const once = await unit.answerOnce(call, () => place(unit, asking, request));
    if (once.kind === 'ANSWERED') return once.answer;
    return refused([orderError(once.reason, ['idempotencyKey'], orderErrorCodes[once.reason])]);
  });
}

async function place(unit: UnitOfWork, asking: Asking, request: AccountRequest): Promise<PlaceOrderAnswer> {
  await unit.lockDeployments(deploymentsOf(request));
  const loaded = await loadFacts(unit, asking, request);
  if (loaded === null) return refused([accountNotFound()]);
  const judged = judgeOrder(request, loaded.facts);
  if (!judged.ok) return refused(judged.error);
  const order = await toOrder(unit, asking, request, loaded, judged.value);
  await unit.orders.add(order);
  await promiseOrder(unit, order, loaded.now);
  for (const grant of grantsOf(order, asking.receivedAt)) await promiseGrant(unit, grant, loaded.now);
  return { orderId: order.id, errors: [] };
}

async function toOrder(
  unit: UnitOfWork,
  { viewer }: Asking,
  { purchaseOrderNumber = null }: AccountRequest,
  { facts, now }: LoadedFacts,
  draft: OrderDraft,
): Promise<Order> {
  return placeDraft(draft, {
    id: unit.newId(),
    number: orderNumber(await unit.orders.nextNumber()),
    placedAt: now,
    placedBy: `${viewer.audience}:${viewer.subject}`,
    purchaseOrderNumber,
    parties: facts.buyer.parties,
  });
}

/** Keys belong to one client: who it is, and whom it works for. */
function clientOf(viewer: Viewer): string {
  switch (viewer.audience) {
    case 'product':
      return JSON.stringify([viewer.audience, viewer.subject, viewer.accountId]);
    case 'partner':
      return JSON.stringify([viewer.audience, viewer.subject, viewer.partnerId]);
    case 'internal':
      return JSON.stringify([viewer.audience, viewer.subject]);
    default:
      return assertNever(viewer);
  }
}

function refused(errors: readonly OrderError[]): PlaceOrderAnswer {
  return { orderId: null, errors };
}
