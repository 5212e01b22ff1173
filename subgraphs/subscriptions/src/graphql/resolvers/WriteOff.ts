import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { WriteOffResolvers } from '../__generated__/resolvers.js';

export const WriteOff: WriteOffResolvers = {
  id: ({ request }) => request.id,
  invoice: ({ request }, _args, { loaders }) => loaders.invoice.load(request.invoiceId),
  amount: ({ request }) => moneyToGraphql(request.amount),
  reason: ({ request }) => request.reason,
  requestedBy: ({ request }) => request.requestedBy,
  requestedAt: ({ request }) => request.requestedAt,
  approvedBy: ({ approval }) => approval?.approvedBy ?? null,
  approvedAt: ({ approval }) => approval?.approvedAt ?? null,
};
