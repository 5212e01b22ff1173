import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const issueLicenseFile: NonNullable<MutationResolvers['issueLicenseFile']> = async (
  _,
  { input },
  { viewer, loaders, issueLicenseFile: issue },
) => {
  requireScope(viewer, 'licenses:read');
  const { instanceId = null, instanceKey = null, validForDays = null } = input;
  const issued = await issue({ ...input, instanceId, instanceKey, validForDays });
  if (!issued.ok) return { licenseFile: null, userErrors: [issued.error] };
  const { licenseId, issuedAt, expiresAt, ...file } = issued.value;
  return {
    licenseFile: {
      ...file,
      license: await loaders.license.load(licenseId),
      issuedAt: new Date(issuedAt),
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    },
    userErrors: [],
  };
};
