import type { OrderLineResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';
import { moneyToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the line itself. */
export const OrderLine: OrderLineResolvers = {
  product: ({ productCode }, _, { loaders }) => requireProduct(loaders, productCode),
  unitPrice: ({ unitPrice, amount }) => ({ amount: unitPrice, currency: amount.currency }),
  amount: ({ amount }) => moneyToGraphql(amount),
};
