import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const entitlements: NonNullable<QueryResolvers['entitlements']> = (_, args, { loaders }) =>
  loaders.entitlements.load(deploymentId(args.deploymentKind, args.externalId));
