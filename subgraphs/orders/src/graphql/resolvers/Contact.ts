import type { ContactResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the contact itself. */
export const Contact: ContactResolvers = {
  history: ({ id }, _, { loaders }) => loaders.contactHistory.load(id),
};
