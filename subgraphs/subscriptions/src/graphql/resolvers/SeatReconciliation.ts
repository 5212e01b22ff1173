import type { SeatReconciliationResolvers } from '../__generated__/resolvers.js';

export const SeatReconciliation: SeatReconciliationResolvers = {
  mode: ({ kind }) => kind,
  invoice: ({ documentId }, _args, { loaders }) =>
    documentId === null ? null : loaders.invoice.load(documentId),
};
