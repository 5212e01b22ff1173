import { personOf, clientOf } from '@fulfillment/kernel/domain/viewer';
import { namedInActions } from '../domain/order/actions/index.js';
import { asksForDiscount } from '../domain/quote/asked-discount.js';
import { type OrderError, orderError, orderErrorCodes } from '../domain/order/errors.js';
import { judgedActions } from '../domain/order/judge.js';
import { type Order, orderNumber } from '../domain/order/order.js';
import { placeDraft, type Placement } from '../domain/order/place.js';
import { idempotencyKeyLength, textError } from '../domain/order/text.js';
import { judgeSoldTo, type NamesSoldTo, setSoldTo } from './contacts/sold-to.js';
import { type JudgedRequest, judgeRequest } from './judge-request.js';
import type { AccountRequest, Asking } from './load-facts.js';
import { offerOrdered, recordBought } from './offers/record-bought-offer.js';
import { grantsOf, promiseGrant, promiseOrder } from './promises.js';
import type { RunTransaction, UnitOfWork } from './ports.js';

export interface PlaceOrderRequest extends OfferedRequest {
  readonly idempotencyKey: string;
}

/** A request with the offer that led to it, and who receives the licenses of the account from now on. */
interface OfferedRequest extends AccountRequest, NamesSoldTo {
  readonly offerId?: string | null;
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

async function place(unit: UnitOfWork, asking: Asking, request: OfferedRequest): Promise<PlaceOrderAnswer> {
  if (asksForDiscount(request.actions)) {
    const message = 'A discount is given on a quote (`createQuote`), which then becomes the order.';
    return refused([orderError('DISCOUNT_INVALID', ['actions'], message)]);
  }
  await lockFor(unit, request);
  const judged = await judgeRequest(unit, asking, request);
  const contact = judgeSoldTo(request);
  if (!judged.ok || !contact.ok) {
    return refused([...(judged.ok ? [] : judged.error), ...(contact.ok ? [] : contact.error)]);
  }
  const ordered = await offerOrdered(unit, asking, request.offerId, judged.value.draft);
  if ('error' in ordered) return refused([ordered.error]);
  const contactError = await setSoldTo(unit, asking, judged.value, contact.value);
  if (contactError !== null) return refused([contactError]);
  const order = await placeJudged(unit, asking, judged.value, request);
  if (ordered.offer !== null) await recordBought(unit, ordered.offer, order);
  return { orderId: order.id, errors: [] };
}

/** Until the transaction ends nobody else orders what a request is about: lock first, then judge, then place. */
export async function lockFor(unit: UnitOfWork, request: Pick<AccountRequest, 'actions'>): Promise<void> {
  const { subscriptionIds, deploymentIds } = namedInActions(judgedActions(request));
  await unit.lockOrdered([...subscriptionIds, ...deploymentIds]);
}

/** Places an order that was judged in the same transaction: a buyer's, a quote's or a checkout's all come about here. */
export async function placeJudged(
  unit: UnitOfWork,
  asking: Asking,
  { draft, now }: Pick<JudgedRequest, 'draft' | 'now'>,
  request: Pick<AccountRequest, 'purchaseOrderNumber'>,
): Promise<Order> {
  const order = placeDraft(draft, await placementOf(unit, asking, request, now));
  await placeOrderRows(unit, order, { now, grantedFrom: asking.receivedAt });
  return order;
}

/** The order with its events and the grants of the partner who sells. */
async function placeOrderRows(
  unit: UnitOfWork,
  order: Order,
  { now, grantedFrom }: { readonly now: Date; readonly grantedFrom: Date },
): Promise<void> {
  await unit.orders.add(order);
  await promiseOrder(unit, order, now);
  for (const grant of grantsOf(order, grantedFrom)) await promiseGrant(unit, grant, now);
}

async function placementOf(
  unit: UnitOfWork,
  { viewer }: Asking,
  { purchaseOrderNumber = null }: Pick<AccountRequest, 'purchaseOrderNumber'>,
  placedAt: Date,
): Promise<Placement> {
  return {
    id: unit.newId(),
    number: orderNumber(await unit.orders.nextNumber()),
    placedAt,
    placedBy: personOf(viewer),
    purchaseOrderNumber,
  };
}

function refused(errors: readonly OrderError[]): PlaceOrderAnswer {
  return { orderId: null, errors };
}
