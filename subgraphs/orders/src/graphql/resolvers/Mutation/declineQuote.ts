import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { quotePayload } from '../../quote-payload.js';
import { requireScope } from '../../require-scope.js';

export const declineQuote: NonNullable<MutationResolvers['declineQuote']> = async (_, { input }, context) => {
  requireScope(context, 'orders:place', ['product', 'internal', 'partner']);
  return quotePayload(context, await context.declineQuote(input));
};
