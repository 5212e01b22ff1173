import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { ReceivablesBucketResolvers } from '../__generated__/resolvers.js';

export const ReceivablesBucket: ReceivablesBucketResolvers = {
  total: ({ total }) => moneyToGraphql(total),
  invoices: (bucket, page, { loaders }) => loaders.invoicesOfBucket(bucket, page),
};
