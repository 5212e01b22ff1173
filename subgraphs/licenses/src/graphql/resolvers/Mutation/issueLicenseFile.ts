import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const issueLicenseFile: NonNullable<MutationResolvers['issueLicenseFile']> = async (
  _,
  { input },
  { viewer, issueLicenseFile: issue },
) => {
  requireScope(viewer, 'licenses:read');
  const { instanceId = null, instanceKey = null, validForDays = null } = input;
  const issued = await issue({ ...input, instanceId, instanceKey, validForDays });
  return issued.ok
    ? { licenseFile: issued.value, userErrors: [] }
    : { licenseFile: null, userErrors: [issued.error] };
};
