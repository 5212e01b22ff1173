import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { activationPayload } from '../../activation.js';
import { requireScope } from '../../require-scope.js';

export const activateInstance: NonNullable<MutationResolvers['activateInstance']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  requireScope(viewer, 'instances:activate');
  return activationPayload(loaders, await activation.activateInstance(input));
};
