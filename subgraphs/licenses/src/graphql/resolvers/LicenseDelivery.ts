import type { LicenseDeliveryResolvers } from '../__generated__/resolvers.js';
import { requireCompanyScope } from '../require-scope.js';

export const LicenseDelivery: LicenseDeliveryResolvers = {
  sentTo: ({ sentTo }, _, { viewer }) => {
    requireCompanyScope(viewer, 'contacts:read');
    return sentTo;
  },
};
