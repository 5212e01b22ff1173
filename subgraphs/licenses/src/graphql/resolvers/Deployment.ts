import { instanceLimit } from '../../domain/activation/slots.js';
import type { DeploymentResolvers } from '../__generated__/resolvers.js';
import { requireCompanyScope, requireScope } from '../require-scope.js';

export const Deployment: DeploymentResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.deployment.load(id),
  account: ({ accountId }) => ({ id: accountId }),
  entitlements: ({ id }, _, { viewer, loaders }) => {
    requireScope(viewer, 'entitlements:read');
    return loaders.entitlements.load(id);
  },
  addOnSeats: ({ id }, asked, { viewer, loaders }) => {
    requireScope(viewer, 'licenses:read');
    return loaders.addOnSeats(id, asked);
  },
  addOnSeatHistory: ({ id }, asked, { viewer, loaders }) => {
    requireScope(viewer, 'licenses:read');
    return loaders.addOnSeatChanges(id, asked);
  },
  seatUsageHistory: ({ id }, asked, { viewer, loaders }) => {
    requireScope(viewer, 'licenses:read');
    return loaders.seatHistory(id, asked);
  },
  entitlementGrants: ({ id }, _, { viewer, loaders }) => {
    requireScope(viewer, 'licenses:read');
    return loaders.grantsOfDeployment.load(id);
  },
  usageNotices: ({ id }, _, { viewer, loaders }) => {
    requireCompanyScope(viewer, 'licenses:read');
    return loaders.usageNoticesOfDeployment.load(id);
  },
  licenses: ({ id }, _, { loaders }) => loaders.licensesOfDeployment.load(id),
  activationCodes: ({ id }, _, { viewer, loaders }) => {
    requireScope(viewer, 'instances:read');
    return loaders.activationCodesOfDeployment.load(id);
  },
  instances: async ({ id }, { includeEnded }, { viewer, loaders }) => {
    requireScope(viewer, 'instances:read');
    const instances = await loaders.instancesOfDeployment.load(id);
    return includeEnded ? instances : instances.filter(({ ended }) => ended === null);
  },
  usageReports: ({ id }, asked, { viewer, loaders }) => {
    requireScope(viewer, 'instances:read');
    return loaders.usageReports(id, asked);
  },
  instanceLimit: async ({ id }, _, { viewer, loaders }) => {
    requireScope(viewer, 'instances:read');
    const found = await loaders.entitlements.load(id);
    return found && instanceLimit(found.entitlements.features);
  },
};
