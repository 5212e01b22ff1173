import { legalEntities } from '@fulfillment/kernel/domain/legal-entity';
import type { AccountResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the account itself. */
export const Account: AccountResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.account.load(id),
  legalEntity: ({ legalEntityCode }) => legalEntities[legalEntityCode],
  contacts: ({ id }, { asOf }, { loaders }) => loaders.contacts(id, { asOf: asOf ?? null }),
  orders: ({ id }, page, { loaders }) => loaders.ordersOfAccount(id, page),
  quotes: ({ id }, page, { loaders }) => loaders.quotesOfAccount(id, page),
};
