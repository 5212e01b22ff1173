import type { SeatReportOutcomeResolvers } from '../__generated__/resolvers.js';
import { seatsToGraphql } from '../entitlements-to-graphql.js';

export const SeatReportOutcome: SeatReportOutcomeResolvers = {
  deployment: (outcome, _, { loaders }) =>
    outcome.ok ? loaders.deployment.load(outcome.deploymentId) : null,
  seats: (outcome) =>
    outcome.ok ? seatsToGraphql({ ...outcome.seats, reportedAt: new Date(outcome.seats.reportedAt) }) : null,
  userErrors: (outcome) => (outcome.ok ? [] : [{ ...outcome.refusal, field: [...outcome.refusal.field] }]),
};
