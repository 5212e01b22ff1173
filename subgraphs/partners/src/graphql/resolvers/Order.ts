import { referenceById } from '@fulfillment/kernel/domain/ids';
import type { OrderResolvers } from '../__generated__/resolvers.js';

export const Order: OrderResolvers = {
  __resolveReference: referenceById,
  commission: async ({ id }, _args, { loaders }) => loaders.commissionOfOrder.load(id),
};
