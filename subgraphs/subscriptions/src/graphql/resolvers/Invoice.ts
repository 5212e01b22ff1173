import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { amountCredited, amountDue, amountPaid, invoiceStatusAt } from '../../domain/invoice.js';
import type { InvoiceResolvers } from '../__generated__/resolvers.js';
import { invoiceOrDraft } from '../invoice-or-draft.js';
import { invoicePdf } from './pdf.js';

export const Invoice: InvoiceResolvers = {
  __resolveReference: ({ id }, { loaders }) => invoiceOrDraft(id, loaders),
  status: async (invoice, _args, { now }) =>
    invoiceStatusAt(invoice, await now(invoice.invoiceOwnerAccountId)),
  postsAt: (invoice) => ('postsAt' in invoice ? invoice.postsAt : null),
  invoiceOwner: ({ invoiceOwnerAccountId }) => ({ id: invoiceOwnerAccountId }),
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
  lines: ({ id, lines }) => lines.map((line) => ({ ...line, documentId: id })),
  net: ({ net }) => moneyToGraphql(net),
  tax: ({ tax }) => moneyToGraphql(tax),
  total: ({ total }) => moneyToGraphql(total),
  amountPaid: (invoice) => moneyToGraphql(amountPaid(invoice)),
  creditsApplied: (invoice) => moneyToGraphql(amountCredited(invoice)),
  amountWrittenOff: ({ writtenOff }) => moneyToGraphql(writtenOff),
  amountDue: (invoice) => moneyToGraphql(amountDue(invoice)),
  voidedBy: ({ voidedBy }, _args, { loaders }) =>
    voidedBy === null ? null : loaders.creditMemo.load(voidedBy),
  paymentAttempts: ({ id }, _args, { loaders }) => loaders.attemptsOfInvoice.load(id),
  dunningSteps: ({ id }, _args, { loaders }) => loaders.dunningOfInvoice.load(id),
  writeOffs: ({ id }, _args, { loaders }) => loaders.writeOffsOfInvoice.load(id),
  ledgerEntries: ({ id }, _args, { loaders }) => loaders.entriesOfInvoice.load(id),
  pdf: invoicePdf,
};
