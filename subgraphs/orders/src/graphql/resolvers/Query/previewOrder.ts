import type { Money } from '@fulfillment/kernel/domain/money';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { AccountCreditEstimate, QueryResolvers } from '../../__generated__/resolvers.js';
import { amountsToGraphql, errorToGraphql, valueToGraphql } from '../../to-graphql.js';

export const previewOrder: NonNullable<QueryResolvers['previewOrder']> = async (_, { input }, context) => {
  const { previewed, errors } = await context.previewOrder(input);
  const userErrors = errors.map(errorToGraphql);
  if (previewed === null) return { ...nothing, userErrors };
  const { lines, amounts, payerAccountId, effectiveDate, nextInvoice, valueChange } = previewed;
  return {
    lines,
    ...amountsToGraphql(amounts),
    // Subscriptions says how much of it: when it is down, nobody does.
    accountCredit: payerAccountId === null ? null : creditAsked(payerAccountId, amounts.total),
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
  accountCredit: null,
  effectiveDate: null,
  nextInvoice: null,
  valueChange: null,
};

function creditAsked(accountId: string, total: Money): AccountCreditEstimate {
  const { amount, currency } = moneyToGraphql(total);
  return { accountId, currency, total: amount };
}
