import { toInt } from '../entitlements-to-graphql.js';
import type { EntitlementGrantResolvers } from '../__generated__/resolvers.js';

export const EntitlementGrant: EntitlementGrantResolvers = {
  deployment: ({ subject }, _, { loaders }) =>
    subject.kind === 'DEPLOYMENT' ? loaders.deployment.load(subject.deploymentId) : null,
  account: ({ subject }) => (subject.kind === 'ACCOUNT' ? { id: subject.accountId } : null),
  quantity: ({ quantity }) => (quantity === null ? null : toInt(quantity)),
  revokedAt: ({ revocation }) => revocation?.at ?? null,
  revokedBy: ({ revocation }) => revocation?.by ?? null,
  revocationReason: ({ revocation }) => revocation?.reason ?? null,
};
