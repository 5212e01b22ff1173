import type { ExtendTrialActionResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of every action. */
export const ExtendTrialAction: ExtendTrialActionResolvers = {
  endDate: ({ change }) => change.endDate,
};
