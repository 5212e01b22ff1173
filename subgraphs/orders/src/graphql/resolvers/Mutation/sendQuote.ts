import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { quotePayload } from '../../quote-payload.js';
import { requireScope } from '../../require-scope.js';

export const sendQuote: NonNullable<MutationResolvers['sendQuote']> = async (_, { input }, context) => {
  requireScope(context, 'quotes:write', ['internal', 'partner']);
  return quotePayload(context, await context.sendQuote(input));
};
