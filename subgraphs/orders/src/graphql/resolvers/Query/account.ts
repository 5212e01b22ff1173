import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const account: NonNullable<QueryResolvers['account']> = (_, { id }, { loaders }) =>
  loaders.account.load(readId('id', id));
