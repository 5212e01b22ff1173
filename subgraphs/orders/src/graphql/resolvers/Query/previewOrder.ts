import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../to-graphql.js';

export const previewOrder: NonNullable<QueryResolvers['previewOrder']> = async (_, { input }, context) => {
  const { lines, total, effectiveDate, errors } = await context.previewOrder(input);
  return {
    lines,
    total: total && moneyToGraphql(total),
    effectiveDate,
    userErrors: errors.map(errorToGraphql),
  };
};
