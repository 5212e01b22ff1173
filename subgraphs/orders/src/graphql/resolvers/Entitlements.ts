import { InputError } from '@fulfillment/kernel/server/input-error';
import type { DeploymentUsage } from '../../domain/offers/facts.js';
import { offerName } from '../../domain/offers/offer-id.js';
import { offersFor } from '../../domain/offers/offers.js';
import type { EntitlementsResolvers } from '../__generated__/resolvers.js';
import { readWithin } from '../arguments.js';
import type { EntitlementsMapper } from '../mappers.js';
import { requireScope } from '../require-scope.js';

export const Entitlements: EntitlementsResolvers = {
  // What it says beyond its key are the facts that `upsells` requires; licenses answers for them.
  __resolveReference: (entitlements) => entitlements,
  upsells: async (entitlements, { placement = null, limit }, { viewer, loaders }) => {
    requireScope({ viewer }, 'entitlements:read', ['product', 'internal', 'partner']);
    const asked = { placement: readPlacement(placement), limit: readWithin('limit', limit ?? 1, 1, 10) };
    const facts = await loaders.offerFacts.load(entitlements.deploymentId);
    const usage = usageOf(entitlements);
    return facts === null || usage === null ? null : offersFor(facts, usage, asked);
  },
};

/** Null when the facts did not come along: then nobody can say what to offer. */
function usageOf(entitlements: EntitlementsMapper): DeploymentUsage | null {
  const { planCode, trial, validUntil = null, seats, features } = entitlements;
  if (planCode === undefined || trial === undefined || seats === undefined || features === undefined)
    return null;
  return { planCode, trial, validUntil, seats, features };
}

function readPlacement(placement: string | null): string | null {
  if (placement === null || offerName.test(placement)) return placement;
  const message = '`placement` must have 1 to 64 capitals, digits and underscores, a capital first.';
  throw new InputError('ARGUMENT_INVALID', 'placement', message);
}
