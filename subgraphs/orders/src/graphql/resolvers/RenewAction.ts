import type { RenewActionResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of every action. */
export const RenewAction: RenewActionResolvers = {
  termMonths: ({ change }) => change.termMonths,
};
