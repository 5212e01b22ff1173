import type { LicenseResolvers } from '../__generated__/resolvers.js';

export const License: LicenseResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.license.load(id),
  deployment: ({ deploymentId }, _, { loaders }) => loaders.deployment.load(deploymentId),
  subscription: ({ subscriptionId }) => ({ id: subscriptionId }),
  replacedBy: ({ replacedById }, _, { loaders }) =>
    replacedById === null ? null : loaders.license.load(replacedById),
};
