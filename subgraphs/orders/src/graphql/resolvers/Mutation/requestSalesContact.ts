import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireAudience } from '../../require-scope.js';
import { leadErrorToGraphql } from '../../to-graphql.js';

export const requestSalesContact: NonNullable<MutationResolvers['requestSalesContact']> = async (
  _,
  { input },
  context,
) => {
  requireAudience(context, ['product']);
  const { requestedAt, errors } = await context.requestSalesContact(input);
  return {
    requestedAt: requestedAt === null ? null : new Date(requestedAt),
    userErrors: errors.map(leadErrorToGraphql),
  };
};
