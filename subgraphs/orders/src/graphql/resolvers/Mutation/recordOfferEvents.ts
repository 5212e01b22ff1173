import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireAudience } from '../../require-scope.js';
import { offerErrorToGraphql } from '../../to-graphql.js';

export const recordOfferEvents: NonNullable<MutationResolvers['recordOfferEvents']> = async (
  _,
  { input },
  context,
) => {
  requireAudience(context, ['product']);
  const { recordedCount, errors } = await context.recordOfferEvents(input);
  return { recordedCount, userErrors: errors.map(offerErrorToGraphql) };
};
