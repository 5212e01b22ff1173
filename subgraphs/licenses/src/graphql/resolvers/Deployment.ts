import type { DeploymentResolvers } from '../__generated__/resolvers.js';
import { requireScope } from '../require-scope.js';

export const Deployment: DeploymentResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.deployment.load(id),
  account: ({ accountId }) => ({ id: accountId }),
  entitlements: ({ id }, _, { loaders }) => loaders.entitlements.load(id),
  seatUsageHistory: ({ id }, asked, { viewer, loaders }) => {
    requireScope(viewer, 'licenses:read');
    return loaders.seatHistory(id, asked);
  },
  licenses: ({ id }, _, { loaders }) => loaders.licensesOfDeployment.load(id),
};
