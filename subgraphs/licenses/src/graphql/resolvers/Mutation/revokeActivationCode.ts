import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const revokeActivationCode: NonNullable<MutationResolvers['revokeActivationCode']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  requireScope(viewer, 'instances:write');
  const revoked = await activation.revokeActivationCode({ ...input, id: input.id.toLowerCase() });
  return revoked.ok
    ? { activationCode: await loaders.activationCode.load(revoked.value), userErrors: [] }
    : { activationCode: null, userErrors: [revoked.error] };
};
