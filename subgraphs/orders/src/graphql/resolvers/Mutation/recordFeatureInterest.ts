import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireAudience } from '../../require-scope.js';
import { offerErrorToGraphql } from '../../to-graphql.js';

export const recordFeatureInterest: NonNullable<MutationResolvers['recordFeatureInterest']> = async (
  _,
  { input },
  context,
) => {
  requireAudience(context, ['product']);
  const { times, errors } = await context.recordFeatureInterest(input);
  return { times, userErrors: errors.map(offerErrorToGraphql) };
};
