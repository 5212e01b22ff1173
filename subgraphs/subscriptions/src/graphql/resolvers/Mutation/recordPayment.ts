import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const recordPayment: NonNullable<MutationResolvers['recordPayment']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.recordPayment(input);
  const invoice = answer.id === null ? null : await loaders.invoice.load(input.invoiceId);
  const payment = invoice?.payments.find(({ id }) => id === answer.id) ?? null;
  return { payment, invoice, userErrors: answer.errors.map(errorToGraphql) };
};
