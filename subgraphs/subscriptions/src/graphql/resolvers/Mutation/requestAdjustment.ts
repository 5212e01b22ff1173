import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { adjustmentToGraphql, errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const requestAdjustment: NonNullable<MutationResolvers['requestAdjustment']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.requestAdjustment(input);
  const adjustment = answer.id === null ? null : await loaders.adjustment.load(answer.id);
  return {
    adjustment: adjustment === null ? null : adjustmentToGraphql(adjustment),
    userErrors: answer.errors.map(errorToGraphql),
  };
};
