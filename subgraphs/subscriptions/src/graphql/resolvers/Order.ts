import { referenceById } from '@fulfillment/kernel/domain/ids';
import type { OrderResolvers } from '../__generated__/resolvers.js';

export const Order: OrderResolvers = {
  __resolveReference: referenceById,
  invoices: ({ id }, _args, { loaders }) => loaders.invoicesOfOrder.load(id),
  creditMemos: ({ id }, _args, { loaders }) => loaders.creditMemosOfOrder.load(id),
};
