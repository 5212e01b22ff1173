import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const createActivationCode: NonNullable<MutationResolvers['createActivationCode']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  requireScope(viewer, 'instances:write');
  const { deploymentId, validForDays = null } = input;
  const created = await activation.createActivationCode({
    ...input,
    deploymentId: deploymentId.toLowerCase(),
    validForDays,
  });
  if (!created.ok) return { activationCode: null, code: null, userErrors: [created.error] };
  const { id, text } = created.value;
  return { activationCode: await loaders.activationCode.load(id), code: text, userErrors: [] };
};
