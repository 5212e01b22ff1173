import type { CreateSubscriptionActionResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';

export const CreateSubscriptionAction: CreateSubscriptionActionResolvers = {
  subscription: ({ isCarriedOut, subscriptionId }) => (isCarriedOut ? { id: subscriptionId } : null),
  deployment: ({ deployment }) => ({ id: deployment.id }),
  plan: ({ items: [plan] }, _, { loaders }) => requireProduct(loaders, plan.productCode),
  quantity: ({ items: [plan] }) => plan.quantity,
};
