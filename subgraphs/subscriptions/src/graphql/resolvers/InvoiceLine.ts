import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { InvoiceLineResolvers } from '../__generated__/resolvers.js';
import { toGraphqlUnitPrice } from '../to-graphql.js';

export const InvoiceLine: InvoiceLineResolvers = {
  subscription: ({ subscriptionId }, _args, { loaders }) => loaders.subscription.load(subscriptionId),
  unitPrice: ({ unitPrice, amount }) => toGraphqlUnitPrice(unitPrice, amount.currency),
  amount: ({ amount }) => moneyToGraphql(amount),
};
