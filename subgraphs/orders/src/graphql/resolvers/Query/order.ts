import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const order: NonNullable<QueryResolvers['order']> = (_, { id }, { loaders }) =>
  loaders.order.load(readId('id', id));
