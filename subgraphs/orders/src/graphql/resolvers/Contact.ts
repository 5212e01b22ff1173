import { hasScope } from '@fulfillment/kernel/domain/viewer';
import type { ContactResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the contact itself. */
export const Contact: ContactResolvers = {
  /** Who may set a contact, and not read any, sees nothing but what it has set. */
  history: (contact, _, { viewer, loaders }) =>
    hasScope(viewer, 'contacts:read') ? loaders.contactHistory.load(contact.id) : [contact],
};
