import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { leadPolicyToGraphql } from '../../lead-policy-to-graphql.js';
import { requireScope } from '../../require-scope.js';
import { leadErrorToGraphql } from '../../to-graphql.js';

export const setLeadPolicy: NonNullable<MutationResolvers['setLeadPolicy']> = async (
  _,
  { input },
  context,
) => {
  requireScope(context, 'leads:write', ['internal']);
  const { version, errors } = await context.setLeadPolicy(input);
  const policy = version === null ? null : await context.reader.leadPolicy();
  return { policy: policy && leadPolicyToGraphql(policy), userErrors: errors.map(leadErrorToGraphql) };
};
