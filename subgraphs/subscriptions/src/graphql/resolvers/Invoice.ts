import { isUuid } from '@fulfillment/kernel/domain/ids';
import { amountDue, amountPaid, invoiceStatusAt } from '../../domain/invoice.js';
import type { InvoiceResolvers } from '../__generated__/resolvers.js';
import { toGraphqlMoney } from '../to-graphql.js';

export const Invoice: InvoiceResolvers = {
  __resolveReference: ({ id }, { loaders }) => (isUuid(id) ? loaders.invoice.load(id) : null),
  status: async (invoice, _args, { now }) =>
    invoiceStatusAt(invoice, await now(invoice.invoiceOwnerAccountId)),
  invoiceOwner: ({ invoiceOwnerAccountId }) => ({ id: invoiceOwnerAccountId }),
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
  total: ({ total }) => toGraphqlMoney(total),
  amountPaid: (invoice) => toGraphqlMoney(amountPaid(invoice)),
  amountDue: (invoice) => toGraphqlMoney(amountDue(invoice)),
};
