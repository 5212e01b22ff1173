import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { EarningResolvers } from '../__generated__/resolvers.js';

export const Earning: EarningResolvers = {
  subscription: ({ subscriptionId }, _args, { loaders }) => loaders.subscription.load(subscriptionId),
  amount: ({ amount }) => moneyToGraphql(amount),
};
