import type { LeadEventResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the event itself. */
export const LeadEvent: LeadEventResolvers = {
  order: ({ orderId }, _, { loaders }) => (orderId === null ? null : loaders.order.load(orderId)),
};
