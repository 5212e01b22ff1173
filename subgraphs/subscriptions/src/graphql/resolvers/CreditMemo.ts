import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { CreditMemoResolvers } from '../__generated__/resolvers.js';
import { creditMemoPdf } from './pdf.js';

export const CreditMemo: CreditMemoResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.creditMemo.load(id),
  invoiceOwner: ({ invoiceOwnerAccountId }) => ({ id: invoiceOwnerAccountId }),
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
  voids: ({ voidsInvoiceId }, _args, { loaders }) =>
    voidsInvoiceId === null ? null : loaders.invoice.load(voidsInvoiceId),
  lines: ({ id, lines }) => lines.map((line) => ({ ...line, documentId: id })),
  net: ({ net }) => moneyToGraphql(net),
  tax: ({ tax }) => moneyToGraphql(tax),
  total: ({ total }) => moneyToGraphql(total),
  remaining: async ({ id }, _args, { loaders }) => {
    const remaining = await loaders.remaining.load(id);
    return remaining === null ? null : moneyToGraphql(remaining);
  },
  ledgerEntries: ({ id }, _args, { loaders }) => loaders.entriesOfCreditMemo.load(id),
  pdf: creditMemoPdf,
};
