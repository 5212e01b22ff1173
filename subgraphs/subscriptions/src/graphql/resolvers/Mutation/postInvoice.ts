import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const postInvoice: NonNullable<MutationResolvers['postInvoice']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.postInvoice(input);
  const invoice = answer.id === null ? null : await loaders.invoice.load(answer.id);
  return { invoice, userErrors: answer.errors.map(errorToGraphql) };
};
