import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { quotePayload } from '../../quote-payload.js';
import { requireScope } from '../../require-scope.js';

export const approveQuote: NonNullable<MutationResolvers['approveQuote']> = async (_, { input }, context) => {
  requireScope(context, 'quotes:approve', ['internal']);
  return quotePayload(context, await context.approveQuote(input));
};
