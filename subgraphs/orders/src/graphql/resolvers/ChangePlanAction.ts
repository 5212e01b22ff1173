import type { ChangePlanActionResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';

/** Fields that are not named here are those of every action. */
export const ChangePlanAction: ChangePlanActionResolvers = {
  plan: ({ change }, _, { loaders }) => requireProduct(loaders, change.item.productCode),
  quantity: ({ change }) => change.item.quantity,
  when: ({ change }) => change.when,
};
