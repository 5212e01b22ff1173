import type { DeploymentResolvers } from '../__generated__/resolvers.js';

export const Deployment: DeploymentResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.deployment.load(id),
  account: ({ accountId }) => ({ id: accountId }),
  entitlements: ({ id }, _, { loaders }) => loaders.entitlements.load(id),
  licenses: ({ id }, _, { loaders }) => loaders.licensesOfDeployment.load(id),
};
