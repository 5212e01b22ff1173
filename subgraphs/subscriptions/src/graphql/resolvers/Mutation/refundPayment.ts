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
  const userErrors = answer.errors.map(errorToGraphql);
  if (answer.id === null) return { refund: null, attempt: null, userErrors };
  // An attempt has the id of the refund that it becomes; what was recorded by hand has none.
  const attempt = await loaders.refundAttempt.load(answer.id);
  const refund = await loaders.refund.load(answer.id);
  return {
    refund: refund === null ? null : refundToGraphql(refund),
    attempt,
    userErrors,
  };
};
