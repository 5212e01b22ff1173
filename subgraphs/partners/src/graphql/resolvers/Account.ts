import { referenceById } from '@fulfillment/kernel/domain/ids';
import type { AccountResolvers } from '../__generated__/resolvers.js';

export const Account: AccountResolvers = {
  __resolveReference: referenceById,
  partners: async ({ id }, _args, { loaders }) => loaders.sellers.load(id),
};
