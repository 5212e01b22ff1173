import { InputError } from '@fulfillment/kernel/server/input-error';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { argumentsOfField } from '../../asked-fields.js';

/** Only a product's token names an account; without a grant on it there is none. Its subscriptions come by the same statement. */
export const currentAccount: NonNullable<QueryResolvers['currentAccount']> = async (
  _query,
  _args,
  { viewer, loaders },
  info,
) => {
  if (viewer.audience !== 'product') return null;
  const { accountId } = viewer;
  const page = argumentsOfField(info, 'subscriptions');
  if (page === null) return loaders.account.load(accountId);
  return loaders.accountWithSubscriptions(accountId, page).catch((error: unknown) => {
    // The field tells of arguments that are wrong, and the account is there all the same.
    if (error instanceof InputError) return loaders.account.load(accountId);
    throw error;
  });
};
