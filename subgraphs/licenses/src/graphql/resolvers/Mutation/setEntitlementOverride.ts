import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { entitlementGrantPayload } from '../../entitlement-grant-payload.js';
import { requireCompanyScope } from '../../require-scope.js';

export const setEntitlementOverride: NonNullable<MutationResolvers['setEntitlementOverride']> = async (
  _,
  { input },
  context,
) => {
  requireCompanyScope(context.viewer, 'licenses:write');
  const outcome = await context.setEntitlementOverride({
    ...input,
    deployment: input.deployment ?? null,
    accountId: input.accountId ?? null,
    enabled: input.enabled ?? null,
    quantity: input.quantity ?? null,
    unlimited: input.unlimited ?? false,
    until: input.until ?? null,
  });
  return entitlementGrantPayload(context, outcome);
};
