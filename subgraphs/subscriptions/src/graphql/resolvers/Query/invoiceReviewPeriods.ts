import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { reviewPeriodToGraphql } from '../../receivables-to-graphql.js';

export const invoiceReviewPeriods: NonNullable<QueryResolvers['invoiceReviewPeriods']> = async (
  _query,
  _args,
  { readers },
) => (await readers.drafts.reviewPeriods()).map(reviewPeriodToGraphql);
