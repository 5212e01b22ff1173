import type { OrderResolvers } from '../__generated__/resolvers.js';

export const Order: OrderResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  commission: async ({ id }, _args, { loaders }) => loaders.commissionOfOrder.load(id),
};
