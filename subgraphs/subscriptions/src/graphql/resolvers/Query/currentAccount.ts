import type { QueryResolvers } from '../../__generated__/resolvers.js';

/** Only a product's token names an account; without a grant on it there is none. */
export const currentAccount: NonNullable<QueryResolvers['currentAccount']> = async (
  _query,
  _args,
  context,
) => {
  const { viewer, readers, tellFreshness } = context;
  if (viewer.audience !== 'product') return null;
  tellFreshness.account(viewer.accountId);
  return (await readers.accounts.isGranted(viewer.accountId)) ? { id: viewer.accountId } : null;
};
