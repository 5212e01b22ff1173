import type { AddProductActionResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';

/** Fields that are not named here are those of every action. */
export const AddProductAction: AddProductActionResolvers = {
  product: ({ change }, _, { loaders }) => requireProduct(loaders, change.item.productCode),
  quantity: ({ change }) => change.item.quantity,
};
