import { isUuid } from '@fulfillment/kernel/domain/ids';
import type { AccountResolvers } from '../__generated__/resolvers.js';

export const Account: AccountResolvers = {
  __resolveReference: ({ id }) => (isUuid(id) ? { id } : null),
  partners: async ({ id }, _args, { loaders }) => loaders.sellers.load(id),
};
