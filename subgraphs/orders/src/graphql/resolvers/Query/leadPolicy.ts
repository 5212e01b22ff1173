import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { leadPolicyToGraphql } from '../../lead-policy-to-graphql.js';
import { requireScope } from '../../require-scope.js';

export const leadPolicy: NonNullable<QueryResolvers['leadPolicy']> = async (_, __, context) => {
  requireScope(context, 'leads:read', ['internal']);
  const policy = await context.reader.leadPolicy();
  return policy && leadPolicyToGraphql(policy);
};
