import { isUuid } from '@fulfillment/kernel/domain/ids';
import type { OrderResolvers } from '../__generated__/resolvers.js';

export const Order: OrderResolvers = {
  __resolveReference: ({ id }) => (isUuid(id) ? { id } : null),
  invoices: ({ id }, _args, { loaders }) => loaders.invoicesOfOrder.load(id),
  creditMemos: ({ id }, _args, { loaders }) => loaders.creditMemosOfOrder.load(id),
};
