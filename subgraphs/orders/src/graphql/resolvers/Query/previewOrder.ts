import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { amountsToGraphql, errorToGraphql, valueToGraphql } from '../../to-graphql.js';

export const previewOrder: NonNullable<QueryResolvers['previewOrder']> = async (_, { input }, context) => {
  const { previewed, errors } = await context.previewOrder(input);
  const userErrors = errors.map(errorToGraphql);
  if (previewed === null) return { ...nothing, userErrors };
  const { lines, amounts, effectiveDate, nextInvoice, valueChange } = previewed;
  return {
    lines,
    ...amountsToGraphql(amounts),
    effectiveDate,
    nextInvoice: nextInvoice && {
      date: nextInvoice.date,
      net: moneyToGraphql(nextInvoice.net),
      total: moneyToGraphql(nextInvoice.total),
    },
    valueChange: valueToGraphql(valueChange),
    userErrors,
  };
};

const nothing = {
  lines: [],
  net: null,
  tax: null,
  total: null,
  effectiveDate: null,
  nextInvoice: null,
  valueChange: null,
};
