import { hasScope } from '@fulfillment/kernel/domain/viewer';
import type { EntitlementsResolvers } from '../__generated__/resolvers.js';
import { addOnToGraphql, featureToGraphql, seatsToGraphql } from '../entitlements-to-graphql.js';

/** Everything comes with the one statement that found the deployment; no field reads anything more. */
export const Entitlements: EntitlementsResolvers = {
  __resolveReference: ({ deploymentId }, { viewer, loaders }) =>
    hasScope(viewer, 'entitlements:read') ? loaders.entitlements.load(deploymentId) : null,
  deploymentId: ({ deployment }) => deployment.id,
  deployment: ({ deployment }) => deployment,
  account: ({ deployment }) => ({ id: deployment.accountId }),
  subscription: ({ entitlements: { subscriptionId } }) =>
    subscriptionId === null ? null : { id: subscriptionId },
  planCode: ({ entitlements }) => entitlements.planCode,
  plan: ({ entitlements }) => ({ code: entitlements.planCode }),
  validFrom: ({ entitlements }) => entitlements.validFrom,
  validUntil: ({ entitlements }) => entitlements.validUntil,
  trial: ({ entitlements }) => entitlements.trial,
  inGracePeriod: ({ entitlements }) => entitlements.inGracePeriod,
  suspendedOn: ({ entitlements }) => entitlements.suspendedOn,
  seats: ({ entitlements }) => seatsToGraphql(entitlements.seats),
  features: ({ entitlements }) => entitlements.features.map(featureToGraphql),
  asOf: ({ asOf }) => asOf,
  addOns: ({ entitlements }) => entitlements.addOns.map(addOnToGraphql),
};
