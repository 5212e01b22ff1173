import { offersOn } from '../../service/read-offers.js';
import type { EntitlementsResolvers } from '../__generated__/resolvers.js';
import { readWithin } from '../arguments.js';

export const Entitlements: EntitlementsResolvers = {
  // What it says beyond its key are the facts that `upsells` requires; licenses answers for them.
  __resolveReference: (entitlements) => entitlements,
  upsells: async ({ deploymentId, planCode, seats }, { limit }, { loaders }) => {
    const most = readWithin('limit', limit ?? 1, 1, 10);
    const ground = await loaders.offerGround.load(deploymentId);
    if (ground === null || planCode === undefined || seats === undefined) return null;
    return offersOn(ground, planCode, seats).slice(0, most);
  },
};
