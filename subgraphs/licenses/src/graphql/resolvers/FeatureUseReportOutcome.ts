import type { FeatureUseReportOutcomeResolvers } from '../__generated__/resolvers.js';
import { toInt } from '../entitlements-to-graphql.js';

export const FeatureUseReportOutcome: FeatureUseReportOutcomeResolvers = {
  deployment: (outcome, _, { loaders }) =>
    outcome.ok ? loaders.deployment.load(outcome.deploymentId) : null,
  featureUse: (outcome) => {
    if (!outcome.ok) return null;
    const { featureKey, used, observedAt } = outcome;
    return { featureKey, used: toInt(used), observedAt: new Date(observedAt) };
  },
  userErrors: (outcome) => (outcome.ok ? [] : [{ ...outcome.refusal, field: [...outcome.refusal.field] }]),
};
