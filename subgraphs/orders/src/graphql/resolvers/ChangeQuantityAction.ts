import type { ChangeQuantityActionResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';

/** Fields that are not named here are those of every action. */
export const ChangeQuantityAction: ChangeQuantityActionResolvers = {
  product: ({ change }, _, { loaders }) => requireProduct(loaders, change.productCode),
  quantity: ({ change }) => change.quantity,
  when: ({ change }) => change.when,
};
