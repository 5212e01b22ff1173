import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql, refundToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const refundPayment: NonNullable<MutationResolvers['refundPayment']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.refundPayment(input);
  const refund = answer.id === null ? null : await loaders.refund.load(answer.id);
  return {
    refund: refund === null ? null : refundToGraphql(refund),
    userErrors: answer.errors.map(errorToGraphql),
  };
};
