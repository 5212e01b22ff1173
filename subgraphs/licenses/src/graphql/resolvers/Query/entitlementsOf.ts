import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { InputError } from '@fulfillment/kernel/server/input-error';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { deploymentNotFound } from '../../errors.js';
import { requireScope } from '../../require-scope.js';

const most = 100;

/** All keys of one tick load in one statement; an entry that is an error is one at its own place. */
export const entitlementsOf: NonNullable<QueryResolvers['entitlementsOf']> = (
  _,
  { deployments },
  { viewer, loaders },
) => {
  requireScope(viewer, 'entitlements:read');
  if (deployments.length === 0 || deployments.length > most) {
    throw new InputError('ARGUMENT_INVALID', 'deployments', `Ask for 1 to ${most} deployments at once.`);
  }
  return deployments.map(async ({ kind, externalId }) => {
    const found = await loaders.entitlements.load(deploymentId(kind, externalId));
    if (found === null) throw deploymentNotFound();
    return found;
  });
};
