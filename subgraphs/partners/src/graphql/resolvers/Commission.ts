import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { CommissionResolvers } from '../__generated__/resolvers.js';
import { rateToGraphql } from '../to-graphql.js';

export const Commission: CommissionResolvers = {
  __resolveReference: async ({ id }, { loaders }) => loaders.commission.load(id),
  partner: async ({ id, partnerId }, _args, { loaders }) => {
    const partner = await loaders.partner.load(partnerId);
    if (!partner) throw new Error(`Commission ${id} is visible and its partner is not`);
    return partner;
  },
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
  // The document is one of both: the other one is not found under this id.
  invoice: ({ invoiceId }) => ({ id: invoiceId }),
  creditMemo: ({ invoiceId }) => ({ id: invoiceId }),
  reverses: ({ reversesInvoiceId }) => (reversesInvoiceId === null ? null : { id: reversesInvoiceId }),
  base: ({ base }) => moneyToGraphql(base),
  ratePercent: ({ ratePercent }) => rateToGraphql(ratePercent),
  amount: ({ amount }) => moneyToGraphql(amount),
};
