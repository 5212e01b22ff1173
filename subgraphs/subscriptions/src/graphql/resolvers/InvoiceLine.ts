import { moneyToGraphql, unitPriceToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { InvoiceLineResolvers } from '../__generated__/resolvers.js';

export const InvoiceLine: InvoiceLineResolvers = {
  subscription: ({ subscriptionId }, _args, { loaders }) => loaders.subscription.load(subscriptionId),
  unitPrice: ({ unitPrice, amount }) => unitPriceToGraphql(unitPrice, amount.currency),
  amount: ({ amount }) => moneyToGraphql(amount),
  tax: ({ tax }) => ({ ...tax, amount: moneyToGraphql(tax.amount) }),
  revenueSchedule: async ({ documentId, position }, _args, { loaders }) => {
    const schedules = await loaders.schedulesOfDocument.load(documentId);
    return schedules.find((schedule) => schedule.position === position) ?? null;
  },
};
