import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireAudience } from '../../require-scope.js';
import { offerErrorToGraphql } from '../../to-graphql.js';

export const dismissOffer: NonNullable<MutationResolvers['dismissOffer']> = async (_, { input }, context) => {
  requireAudience(context, ['product']);
  const { until, errors } = await context.dismissOffer(input);
  return {
    dismissedUntil: until === null ? null : new Date(until),
    userErrors: errors.map(offerErrorToGraphql),
  };
};
