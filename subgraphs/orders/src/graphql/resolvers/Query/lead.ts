import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const lead: NonNullable<QueryResolvers['lead']> = (_, { id }, context) => {
  requireScope(context, 'leads:read', ['internal']);
  return context.reader.lead(readId('id', id));
};
