import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { deploymentNotFound } from '../../errors.js';

export const entitlements: NonNullable<QueryResolvers['entitlements']> = async (_, args, { loaders }) => {
  const found = await loaders.entitlements.load(deploymentId(args.deploymentKind, args.externalId));
  if (found === null) throw deploymentNotFound();
  return found;
};
