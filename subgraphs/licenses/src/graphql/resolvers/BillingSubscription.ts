import { referenceById } from '@fulfillment/kernel/domain/ids';
import type { BillingSubscriptionResolvers } from '../__generated__/resolvers.js';

/** Another service's type: whether the viewer may see it is for its owner to say, the licenses are ours. */
export const BillingSubscription: BillingSubscriptionResolvers = {
  __resolveReference: referenceById,
  licenses: ({ id }, _, { loaders }) => loaders.licensesOfSubscription.load(id),
};
