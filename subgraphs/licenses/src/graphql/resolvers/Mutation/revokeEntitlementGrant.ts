import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { entitlementGrantPayload } from '../../entitlement-grant-payload.js';
import { requireCompanyScope } from '../../require-scope.js';

export const revokeEntitlementGrant: NonNullable<MutationResolvers['revokeEntitlementGrant']> = async (
  _,
  { input },
  context,
) => {
  requireCompanyScope(context.viewer, 'licenses:write');
  return entitlementGrantPayload(context, await context.revokeEntitlementGrant(input));
};
