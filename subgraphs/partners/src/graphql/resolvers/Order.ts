import { referenceById } from '@fulfillment/kernel/domain/ids';
import type { OrderResolvers } from '../__generated__/resolvers.js';

export const Order: OrderResolvers = {
  __resolveReference: referenceById,
  commissions: async ({ id }, page, { loaders }) => loaders.commissionsOfOrder(id, page),
};
