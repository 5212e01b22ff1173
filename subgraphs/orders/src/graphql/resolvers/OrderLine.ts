import { moneyToGraphql, unitPriceToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { OrderLineResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';

/** Fields that are not named here are those of the line itself. */
export const OrderLine: OrderLineResolvers = {
  product: ({ productCode }, _, { loaders }) => requireProduct(loaders, productCode),
  unitPrice: ({ unitPrice, amount }) => unitPriceToGraphql(unitPrice, amount.currency),
  amount: ({ amount }) => moneyToGraphql(amount),
  tax: ({ tax }) => ({ ...tax, amount: moneyToGraphql(tax.amount) }),
};
