import type { ConvertTrialActionResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of every action. */
export const ConvertTrialAction: ConvertTrialActionResolvers = {
  termMonths: ({ change }) => change.termMonths,
};
