import type { CancelActionResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of every action. */
export const CancelAction: CancelActionResolvers = {
  on: ({ change }) => change.on,
};
