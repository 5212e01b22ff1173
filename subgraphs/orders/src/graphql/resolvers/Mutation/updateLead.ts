import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';
import { leadErrorToGraphql } from '../../to-graphql.js';

export const updateLead: NonNullable<MutationResolvers['updateLead']> = async (_, { input }, context) => {
  requireScope(context, 'leads:write', ['internal']);
  const { leadId, errors } = await context.updateLead(input);
  return {
    lead: leadId === null ? null : await context.reader.lead(leadId),
    userErrors: errors.map(leadErrorToGraphql),
  };
};
