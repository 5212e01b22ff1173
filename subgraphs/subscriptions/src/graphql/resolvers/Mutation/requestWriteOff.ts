import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { errorToGraphql } from '../../receivables-to-graphql.js';
import { requireBillingWrite } from '../../require-billing.js';

export const requestWriteOff: NonNullable<MutationResolvers['requestWriteOff']> = async (
  _mutation,
  { input },
  { billing, loaders, viewer },
) => {
  requireBillingWrite(viewer);
  const answer = await billing.requestWriteOff(input);
  const writeOff = answer.id === null ? null : await loaders.writeOff.load(answer.id);
  return { writeOff, userErrors: answer.errors.map(errorToGraphql) };
};
