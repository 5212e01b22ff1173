import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const voidInvoice: NonNullable<MutationResolvers['voidInvoice']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.voidInvoice(input);
  const creditMemo = answer.id === null ? null : await loaders.creditMemo.load(answer.id);
  return { creditMemo, userErrors: answer.errors.map(errorToGraphql) };
};
