import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { allowancePayload } from '../../allowance-payload.js';
import { requireScope } from '../../require-scope.js';

export const reportAllowance: NonNullable<MutationResolvers['reportAllowance']> = async (
  _,
  { input },
  { viewer, reportAllowance: report },
) => {
  requireScope(viewer, 'usage:write');
  return allowancePayload(await report(input));
};
