import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireCompanyScope } from '../../require-scope.js';
import { signingKeyPayload } from '../../signing-key-payload.js';

export const revokeSigningKey: NonNullable<MutationResolvers['revokeSigningKey']> = async (
  _,
  { input },
  context,
) => {
  requireCompanyScope(context.viewer, 'licenses:write');
  return signingKeyPayload(context, await context.revokeSigningKey(input));
};
