import type { LicenseResolvers } from '../__generated__/resolvers.js';
import { requireCompanyScope } from '../require-scope.js';

export const License: LicenseResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.license.load(id),
  deployment: ({ deploymentId }, _, { loaders }) => loaders.deployment.load(deploymentId),
  subscription: ({ subscriptionId }) => ({ id: subscriptionId }),
  replacedBy: ({ replacedById }, _, { loaders }) =>
    replacedById === null ? null : loaders.license.load(replacedById),
  delivery: ({ id }, _, { viewer, loaders }) => {
    requireCompanyScope(viewer, 'licenses:read');
    return loaders.delivery.load(id);
  },
};
