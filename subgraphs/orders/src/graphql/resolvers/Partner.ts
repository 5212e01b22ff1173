import type { PartnerResolvers } from '../__generated__/resolvers.js';

export const Partner: PartnerResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.partner.load(id),
  orders: ({ id }, page, { loaders }) => loaders.ordersOfPartner(id, page),
};
