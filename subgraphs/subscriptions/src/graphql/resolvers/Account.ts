import { referenceById } from '@fulfillment/kernel/domain/ids';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { sameArguments } from '@fulfillment/kernel/server/batch';
import type { Account as KnownAccount } from '../../domain/account.js';
import type { AccountResolvers } from '../__generated__/resolvers.js';
import type { Loaders } from '../loaders.js';
import type { AccountMapper } from '../mappers.js';
import { reconciliationTermsToGraphql } from '../to-graphql.js';

/** The account itself is orders': a reference is taken as it is, and each field shows only what may be seen. */
export const Account: AccountResolvers = {
  __resolveReference: referenceById,
  name: known(({ name }) => name),
  countryCode: known(({ countryCode }) => countryCode),
  billingTimeZone: known(({ billingTimeZone }) => billingTimeZone),
  currency: known(({ currency }) => currency),
  subscriptions: ({ id, subscriptions: read }, page, { loaders }) =>
    read && sameArguments(read.page, page) ? read.connection : loaders.subscriptionsOfAccount(id, page),
  invoices: ({ id }, page, { loaders }) => loaders.invoicesOfAccount(id, page),
  balance: async ({ id }, _args, { loaders }) => {
    const balance = await loaders.balance.load(id);
    return balance === null ? null : moneyToGraphql(balance);
  },
  accountCredit: async ({ id }, _args, { loaders }) => {
    const credit = await loaders.accountCredit.load(id);
    return credit === null ? null : moneyToGraphql(credit);
  },
  reconciliationTerms: async ({ id }, _args, { loaders }) => {
    const terms = await loaders.reconciliationTerms.load(id);
    return terms && reconciliationTermsToGraphql(terms);
  },
  creditMemos: ({ id }, page, { loaders }) => loaders.creditMemosOfAccount(id, page),
};

/** Something that billing knows of an account; null for one that the viewer may not see. */
function known<Value>(pick: (account: KnownAccount) => Value) {
  return async (
    { id, known: read }: AccountMapper,
    _args: object,
    { loaders }: { readonly loaders: Loaders },
  ) => {
    const account = read ?? (await loaders.account.load(id));
    return account && pick(account);
  };
}
