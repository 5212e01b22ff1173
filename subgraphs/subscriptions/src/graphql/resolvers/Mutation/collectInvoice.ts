import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const collectInvoice: NonNullable<MutationResolvers['collectInvoice']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.collectInvoice(input);
  const userErrors = answer.errors.map(errorToGraphql);
  if (answer.id === null) return { attempt: null, invoice: null, userErrors };
  return {
    attempt: await loaders.attempt.load(answer.id),
    invoice: await loaders.invoice.load(input.invoiceId),
    userErrors,
  };
};
