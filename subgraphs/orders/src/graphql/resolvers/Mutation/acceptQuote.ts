import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { quotePayload } from '../../quote-payload.js';
import { requireScope } from '../../require-scope.js';

export const acceptQuote: NonNullable<MutationResolvers['acceptQuote']> = async (_, { input }, context) => {
  requireScope(context, 'orders:place', ['product', 'internal', 'partner']);
  if (input.soldToContact != null) requireScope(context, 'contacts:write', ['product', 'internal']);
  const answer = await context.acceptQuote(input);
  const { orderId } = answer;
  const order = orderId === null ? null : await context.loaders.order.load(orderId);
  return { ...(await quotePayload(context, answer)), order };
};
