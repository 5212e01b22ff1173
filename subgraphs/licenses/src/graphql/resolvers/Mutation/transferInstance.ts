import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { activationPayload } from '../../activation.js';
import { requireInstanceScope } from '../../require-scope.js';

export const transferInstance: NonNullable<MutationResolvers['transferInstance']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  const { id, secret = null } = input;
  requireInstanceScope(viewer, secret);
  return activationPayload(
    loaders,
    await activation.transferInstance({ ...input, id: id.toLowerCase(), secret }),
  );
};
