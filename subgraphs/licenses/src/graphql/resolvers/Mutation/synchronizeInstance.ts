import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const synchronizeInstance: NonNullable<MutationResolvers['synchronizeInstance']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  requireScope(viewer, 'instances:activate');
  const { id, hostName = null } = input;
  const synchronized = await activation.synchronizeInstance({ ...input, id: id.toLowerCase(), hostName });
  if (!synchronized.ok) {
    return { instance: null, licenseFile: null, nextLicenseFile: null, userErrors: [synchronized.error] };
  }
  const { id: known, ...files } = synchronized.value;
  return { ...files, instance: await loaders.instance.load(known), userErrors: [] };
};
