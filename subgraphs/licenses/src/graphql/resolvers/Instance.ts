import { silentFrom, stateOfInstance } from '../../domain/activation/instance.js';
import type { InstanceResolvers } from '../__generated__/resolvers.js';

export const Instance: InstanceResolvers = {
  state: async (instance, _, { now }) => stateOfInstance(instance, await now(instance.accountId)),
  silentFrom: (instance) => (instance.ended === null ? silentFrom(instance) : null),
  endedAt: ({ ended }) => ended?.at ?? null,
};
