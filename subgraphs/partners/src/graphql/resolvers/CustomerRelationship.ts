import type { CustomerRelationshipResolvers } from '../__generated__/resolvers.js';

export const CustomerRelationship: CustomerRelationshipResolvers = {
  account: ({ accountId }) => ({ id: accountId }),
};
