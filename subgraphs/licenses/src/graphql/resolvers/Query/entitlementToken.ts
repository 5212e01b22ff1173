import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { deploymentNotFound } from '../../errors.js';
import { requireScope } from '../../require-scope.js';

export const entitlementToken: NonNullable<QueryResolvers['entitlementToken']> = async (
  _,
  { deploymentKind, externalId },
  { viewer, loaders, signEntitlements },
) => {
  requireScope(viewer, 'entitlements:read');
  const found = await loaders.entitlements.load(deploymentId(deploymentKind, externalId));
  if (found?.isOwn !== true) throw deploymentNotFound();
  return signEntitlements(found);
};
