import type { AccountResolvers } from '../__generated__/resolvers.js';

export const Account: AccountResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  partners: async ({ id }, _args, { loaders }) => loaders.sellers.load(id),
};
