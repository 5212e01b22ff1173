import type { ChangeTermsActionResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of every action. */
export const ChangeTermsAction: ChangeTermsActionResolvers = {
  termMonths: ({ change }) => change.termMonths,
  autoRenewal: ({ change }) => change.autoRenewal,
  billingPeriod: ({ change }) => change.billingPeriod,
  renewalUpliftPercent: ({ change }) => change.upliftPercent,
  decreaseAtOnce: ({ change }) => change.decreaseAtOnce,
};
