import type { QueryResolvers } from '../../__generated__/resolvers.js';

/** Only a product's token names an account; without a grant on it there is none. */
export const currentAccount: NonNullable<QueryResolvers['currentAccount']> = async (
  _query,
  _args,
  context,
) => {
  const { viewer, loaders } = context;
  return viewer.audience === 'product' ? loaders.account.load(viewer.accountId) : null;
};
