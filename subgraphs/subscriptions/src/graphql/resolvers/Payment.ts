import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { PaymentResolvers } from '../__generated__/resolvers.js';
import { refundToGraphql } from '../receivables-to-graphql.js';

export const Payment: PaymentResolvers = {
  amount: ({ amount }) => moneyToGraphql(amount),
  overpaid: ({ overpaid }) => moneyToGraphql(overpaid),
  refunds: async ({ id }, _args, { loaders }) =>
    (await loaders.refundsOfPayment.load(id)).map(refundToGraphql),
  refundAttempts: ({ id }, _args, { loaders }) => loaders.refundAttemptsOfPayment.load(id),
};
