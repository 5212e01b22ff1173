import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { allowancePayload } from '../../allowance-payload.js';
import { requireScope } from '../../require-scope.js';

export const consumeAllowance: NonNullable<MutationResolvers['consumeAllowance']> = async (
  _,
  { input },
  { viewer, consumeAllowance: consume },
) => {
  requireScope(viewer, 'usage:write');
  return allowancePayload(await consume(input));
};
