import type { SeatsOverResolvers } from '../__generated__/resolvers.js';
import { seatsToGraphql } from '../entitlements-to-graphql.js';

/** The list says as much as `Entitlements.seats` says of each: who is over now is counted as over. */
export const SeatsOver: SeatsOverResolvers = {
  deployment: ({ deploymentId }, _, { loaders }) => loaders.deployment.load(deploymentId),
  subscription: ({ subscriptionId }) => (subscriptionId === null ? null : { id: subscriptionId }),
  seats: ({ purchased, used, maximum, overage, reportedAt }) =>
    seatsToGraphql({ purchased, used, maximum: Math.max(maximum, used), overage, reportedAt }),
};
