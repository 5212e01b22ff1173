import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { checkoutPayload } from '../../checkout-payload.js';
import { requireScope } from '../../require-scope.js';

export const completeCheckout: NonNullable<MutationResolvers['completeCheckout']> = async (
  _,
  { input },
  context,
) => {
  requireScope(context, 'orders:place', ['product']);
  return checkoutPayload(context, await context.completeCheckout(input));
};
