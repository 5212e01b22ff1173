import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const discardDraftInvoice: NonNullable<MutationResolvers['discardDraftInvoice']> = async (
  _mutation,
  { input },
  { billing, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.discardDraftInvoice(input);
  return { invoiceId: answer.id, userErrors: answer.errors.map(errorToGraphql) };
};
