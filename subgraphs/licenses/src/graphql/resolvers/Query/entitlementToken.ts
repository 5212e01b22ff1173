import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { deploymentNotFound } from '../../errors.js';

export const entitlementToken: NonNullable<QueryResolvers['entitlementToken']> = async (
  _,
  { deploymentKind, externalId },
  { loaders, signEntitlements },
) => {
  const found = await loaders.entitlements.load(deploymentId(deploymentKind, externalId));
  if (found?.isOwn !== true) throw deploymentNotFound();
  return signEntitlements(found);
};
