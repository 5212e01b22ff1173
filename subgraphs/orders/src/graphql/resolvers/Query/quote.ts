import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const quote: NonNullable<QueryResolvers['quote']> = (_, { id }, { loaders }) =>
  loaders.quote.load(readId('id', id));
