import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { InvoiceLineResolvers } from '../__generated__/resolvers.js';
import { toGraphqlUnitPrice } from '../to-graphql.js';

export const InvoiceLine: InvoiceLineResolvers = {
  subscription: ({ subscriptionId }, _args, { loaders }) => loaders.subscription.load(subscriptionId),
  unitPrice: ({ unitPrice, amount }) => toGraphqlUnitPrice(unitPrice, amount.currency),
  amount: ({ amount }) => moneyToGraphql(amount),
  taxRate: ({ tax }) => tax.rate,
  taxJurisdiction: ({ tax }) => tax.jurisdiction,
  taxReason: ({ tax }) => tax.reason,
  taxAmount: ({ tax }) => moneyToGraphql(tax.amount),
  revenueSchedule: async ({ documentId, position }, _args, { loaders }) => {
    const schedules = await loaders.schedulesOfDocument.load(documentId);
    return schedules.find((schedule) => schedule.position === position) ?? null;
  },
};
