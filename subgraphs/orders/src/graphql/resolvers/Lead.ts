import type { LeadResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the lead itself. */
export const Lead: LeadResolvers = {
  account: ({ accountId }, _, { loaders }) => loaders.account.load(accountId),
  deployment: ({ deploymentId }) => ({ id: deploymentId }),
  order: ({ orderId }, _, { loaders }) => (orderId === null ? null : loaders.order.load(orderId)),
  partner: ({ partnerId }) => (partnerId === null ? null : { id: partnerId }),
};
