import { isUuid } from '@fulfillment/kernel/domain/ids';
import type { Checkout } from '../../domain/checkout/checkout.js';
import { checkoutError } from '../../domain/checkout/errors.js';
import { callOnce, keyFault, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import { settleCheckout } from './settle-checkout.js';
import { type CheckoutAnswer, type CheckoutEdge, refused } from './start-checkout.js';

export interface CompleteCheckoutRequest extends Keyed {
  readonly checkoutId: string;
}

/**
 * Asks how the payment of a checkout went, and carries it on. While nothing is decided the answer is not kept with the key:
 * the same call can be made again until it is.
 */
export async function completeCheckout(
  edge: CheckoutEdge,
  asking: Asking,
  request: CompleteCheckoutRequest,
): Promise<CheckoutAnswer> {
  const invalid = keyFault(request.idempotencyKey);
  if (invalid !== null) return refused([invalid]);
  const id = await findOwn(edge, asking, request.checkoutId);
  if (id === null)
    return keep(edge, asking, request, refused([checkoutError('CHECKOUT_NOT_FOUND', ['checkoutId'])]));
  await settleCheckout(edge, id);
  const settled = await read(edge, id);
  return settled.status === 'OPEN' ? toAnswer(settled) : keep(edge, asking, request, toAnswer(settled));
}

/** Gives the answer that is kept with the key, or else keeps this one. */
function keep(
  edge: CheckoutEdge,
  asking: Asking,
  request: CompleteCheckoutRequest,
  answer: CheckoutAnswer,
): Promise<CheckoutAnswer> {
  return callOnce(
    edge.run,
    asking,
    'completeCheckout',
    request,
    async () => answer,
    (error) => refused([error]),
  );
}

async function findOwn({ run }: CheckoutEdge, asking: Asking, given: string): Promise<string | null> {
  if (!isUuid(given)) return null;
  const { viewer, receivedAt } = asking;
  const found = await run(({ checkouts }) => checkouts.findVisible(viewer, receivedAt, given.toLowerCase()));
  return found?.id ?? null;
}

async function read({ run }: CheckoutEdge, id: string): Promise<Checkout> {
  const checkout = await run(({ checkouts }) => checkouts.find(id));
  if (checkout === null) throw new Error(`Checkout ${id} is gone`);
  return checkout;
}

function toAnswer({ id, orderId, problem }: Checkout): CheckoutAnswer {
  return { checkoutId: id, orderId, errors: problem === null ? [] : [problem] };
}
