import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readId } from '../../arguments.js';

export const order: NonNullable<QueryResolvers['order']> = (_, { id }, { loaders }) =>
  loaders.order.load(readId('id', id));
