import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const invoice: NonNullable<QueryResolvers['invoice']> = (_query, { id }, { loaders }) =>
  loaders.invoice.load(readId('id', id));
