import { silentFrom, stateOfInstance } from '../../domain/activation/instance.js';
import { instanceLimit, overLimit } from '../../domain/activation/slots.js';
import type { InstanceResolvers } from '../__generated__/resolvers.js';

export const Instance: InstanceResolvers = {
  state: async (instance, _, { now }) => stateOfInstance(instance, await now(instance.accountId)),
  silentFrom: (instance) => (instance.ended === null ? silentFrom(instance) : null),
  overLimit: async ({ id, deploymentId, accountId, overLimit: known }, _, { loaders, now }) => {
    if (known !== undefined) return known;
    const found = await loaders.entitlements.load(deploymentId);
    if (found === null) return null;
    const limit = instanceLimit(found.entitlements.features);
    const instances = await loaders.instancesOfDeployment.load(deploymentId);
    return overLimit({ limit, instances, at: await now(accountId) }).has(id);
  },
  endedAt: ({ ended }) => ended?.at ?? null,
};
