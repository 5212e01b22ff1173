import { agreementInForce } from '../../domain/partner-agreement.js';
import type { PartnerResolvers } from '../__generated__/resolvers.js';
import { agreementToGraphql } from '../to-graphql.js';

export const Partner: PartnerResolvers = {
  __resolveReference: async ({ id }, { loaders }) => loaders.partner.load(id),
  account: ({ accountId }) => (accountId === null ? null : { id: accountId }),
  agreement: async ({ accountId, agreements, timeZone }, _args, { clock }) => {
    const agreement = agreementInForce(agreements, await clock.now(accountId), timeZone);
    return agreement && agreementToGraphql(agreement);
  },
  distributor: async ({ distributorId }, _args, { loaders }) =>
    distributorId === null ? null : loaders.partner.load(distributorId),
  resellers: async ({ id, kind }, _args, { loaders }) =>
    kind === 'DISTRIBUTOR' ? loaders.resellers.load(id) : [],
  customers: async ({ id }, page, { loaders }) => loaders.customers(id, page),
  commissions: async ({ id }, page, { loaders }) => loaders.commissions(id, page),
};
