import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';
import { reconciliationTermsToGraphql } from '../../to-graphql.js';

export const setReconciliationTerms: NonNullable<MutationResolvers['setReconciliationTerms']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.setReconciliationTerms(input);
  const userErrors = answer.errors.map(errorToGraphql);
  const terms = answer.id === null ? null : await loaders.reconciliationTerms.load(answer.id);
  return { reconciliationTerms: terms && reconciliationTermsToGraphql(terms), userErrors };
};
