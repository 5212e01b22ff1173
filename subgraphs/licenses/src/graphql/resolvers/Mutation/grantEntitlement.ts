import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { entitlementGrantPayload } from '../../entitlement-grant-payload.js';
import { requireCompanyScope } from '../../require-scope.js';

export const grantEntitlement: NonNullable<MutationResolvers['grantEntitlement']> = async (
  _,
  { input },
  context,
) => {
  requireCompanyScope(context.viewer, 'licenses:write');
  const outcome = await context.grantEntitlement({
    ...input,
    deployment: input.deployment ?? null,
    accountId: input.accountId ?? null,
    quantity: input.quantity ?? null,
    unlimited: input.unlimited ?? false,
    from: input.from ?? null,
    until: input.until ?? null,
    priority: input.priority ?? null,
    rolloverCap: input.rolloverCap ?? null,
  });
  return entitlementGrantPayload(context, outcome);
};
