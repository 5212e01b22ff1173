import { reviewPeriodId } from '../../../service/review-invoices.js';
import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql, reviewPeriodToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const setInvoiceReviewPeriod: NonNullable<MutationResolvers['setInvoiceReviewPeriod']> = async (
  _mutation,
  { input },
  { billing, readers, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.setInvoiceReviewPeriod(input);
  const userErrors = answer.errors.map(errorToGraphql);
  if (answer.id === null) return { reviewPeriod: null, userErrors };
  const set = (await readers.drafts.reviewPeriods()).find(({ scope }) => reviewPeriodId(scope) === answer.id);
  return { reviewPeriod: set === undefined ? null : reviewPeriodToGraphql(set), userErrors };
};
