import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';
import { accountErrorToGraphql } from '../../to-graphql.js';

export const setContact: NonNullable<MutationResolvers['setContact']> = async (_, { input }, context) => {
  requireScope(context, 'contacts:write', ['product', 'internal']);
  const { set, errors } = await context.setContact(input);
  const contacts = set === null ? [] : await context.loaders.contacts(set.accountId, { asOf: null });
  return {
    contact: contacts.find(({ id }) => id === set?.contactId) ?? null,
    userErrors: errors.map(accountErrorToGraphql),
  };
};
