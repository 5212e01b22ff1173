import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { CheckoutResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the checkout itself. */
export const Checkout: CheckoutResolvers = {
  url: ({ status, url }) => (status === 'OPEN' ? url : null),
  total: ({ draft }) => moneyToGraphql(draft.total),
  lines: ({ draft }) => draft.lines,
  order: ({ orderId }, _, { loaders }) => (orderId === null ? null : loaders.order.load(orderId)),
};
