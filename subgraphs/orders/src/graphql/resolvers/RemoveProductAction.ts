import type { RemoveProductActionResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';

/** Fields that are not named here are those of every action. */
export const RemoveProductAction: RemoveProductActionResolvers = {
  product: ({ change }, _, { loaders }) => requireProduct(loaders, change.productCode),
  when: ({ change }) => change.when,
};
