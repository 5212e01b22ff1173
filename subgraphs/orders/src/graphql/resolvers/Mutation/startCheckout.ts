import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { checkoutPayload } from '../../checkout-payload.js';
import { requireScope } from '../../require-scope.js';

export const startCheckout: NonNullable<MutationResolvers['startCheckout']> = async (
  _,
  { input },
  context,
) => {
  requireScope(context, 'orders:place', ['product']);
  if (input.soldToContact != null) requireScope(context, 'contacts:write', ['product']);
  return checkoutPayload(context, await context.startCheckout(input));
};
