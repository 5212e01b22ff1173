import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { amountDue, amountPaid, invoiceStatusAt } from '../../domain/invoice.js';
import type { InvoiceResolvers } from '../__generated__/resolvers.js';
import { invoicePdf } from './pdf.js';

export const Invoice: InvoiceResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.invoice.load(id),
  status: async (invoice, _args, { now }) =>
    invoiceStatusAt(invoice, await now(invoice.invoiceOwnerAccountId)),
  invoiceOwner: ({ invoiceOwnerAccountId }) => ({ id: invoiceOwnerAccountId }),
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
  total: ({ total }) => moneyToGraphql(total),
  amountPaid: (invoice) => moneyToGraphql(amountPaid(invoice)),
  amountDue: (invoice) => moneyToGraphql(amountDue(invoice)),
  pdf: invoicePdf,
};
