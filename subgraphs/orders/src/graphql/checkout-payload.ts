import type { CheckoutAnswer } from '../service/checkout/start-checkout.js';
import type { Context } from './context.js';
import { errorToGraphql } from './to-graphql.js';

/** What a mutation about a checkout answers: the checkout as it stands now and its order, or what was wrong. */
export async function checkoutPayload(
  { reader, loaders }: Context,
  { checkoutId, orderId, errors }: CheckoutAnswer,
) {
  return {
    checkout: checkoutId === null ? null : await reader.checkout(checkoutId),
    order: orderId === null ? null : await loaders.order.load(orderId),
    userErrors: errors.map(errorToGraphql),
  };
}
