import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql, periodToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const closeAccountingPeriod: NonNullable<MutationResolvers['closeAccountingPeriod']> = async (
  _mutation,
  { input },
  { billing, readers, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.closeAccountingPeriod(input);
  const periods = answer.id === null ? [] : await readers.accounting.periods(input.legalEntity);
  const closed = periods.find(({ month }) => month === answer.id);
  return {
    accountingPeriod: closed === undefined ? null : periodToGraphql(closed),
    userErrors: answer.errors.map(errorToGraphql),
  };
};
