import { stateOfCode } from '../../domain/activation/activation-code.js';
import type { ActivationCodeResolvers } from '../__generated__/resolvers.js';

export const ActivationCode: ActivationCodeResolvers = {
  state: async (code, _, { now }) => stateOfCode(code, await now(code.accountId)),
  endedAt: ({ ended }) => ended?.at ?? null,
};
