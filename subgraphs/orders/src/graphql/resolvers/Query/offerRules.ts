import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const offerRules: NonNullable<QueryResolvers['offerRules']> = (_, __, context) => {
  requireScope(context, 'offers:read', ['internal']);
  return context.reader.offerRules();
};
