import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireInstanceScope } from '../../require-scope.js';

export const deactivateInstance: NonNullable<MutationResolvers['deactivateInstance']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  const { id, secret = null } = input;
  requireInstanceScope(viewer, secret);
  const ended = await activation.deactivateInstance({ ...input, id: id.toLowerCase(), secret });
  return ended.ok
    ? { instance: await loaders.instance.load(ended.value), userErrors: [] }
    : { instance: null, userErrors: [ended.error] };
};
