import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readId } from '../../arguments.js';

export const account: NonNullable<QueryResolvers['account']> = (_, { id }, { loaders }) =>
  loaders.account.load(readId('id', id));
