import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { deploymentNotFound } from '../../errors.js';
import { requireScope } from '../../require-scope.js';

export const entitlements: NonNullable<QueryResolvers['entitlements']> = async (
  _,
  args,
  { viewer, loaders },
) => {
  requireScope(viewer, 'entitlements:read');
  const found = await loaders.entitlements.load(deploymentId(args.deploymentKind, args.externalId));
  if (found === null) throw deploymentNotFound();
  return found;
};
