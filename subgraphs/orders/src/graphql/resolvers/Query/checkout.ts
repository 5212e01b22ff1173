import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const checkout: NonNullable<QueryResolvers['checkout']> = (_, { id }, { reader }) =>
  reader.checkout(readId('id', id));
