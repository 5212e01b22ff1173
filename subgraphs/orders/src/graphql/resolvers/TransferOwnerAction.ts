import type { TransferOwnerActionResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of every action. */
export const TransferOwnerAction: TransferOwnerActionResolvers = {
  to: ({ change }, _, { loaders }) => loaders.account.load(change.accountId),
};
