import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { LedgerEntryResolvers } from '../__generated__/resolvers.js';

export const LedgerEntry: LedgerEntryResolvers = {
  legalEntity: ({ legalEntityCode }) => legalEntityCode,
  account: ({ accountId }) => (accountId === null ? null : { id: accountId }),
  invoice: ({ invoiceId }, _args, { loaders }) =>
    invoiceId === null ? null : loaders.invoice.load(invoiceId),
  postings: ({ postings }) =>
    postings.map(({ account, amount }) => ({ account, amount: moneyToGraphql(amount) })),
  earnings: ({ id, kind }, page, { loaders }) =>
    kind === 'REVENUE_RECOGNIZED' ? loaders.earningsOfEntry(id, page) : null,
  commission: ({ causeId, kind }) => (kind === 'COMMISSION_EARNED' ? { id: causeId } : null),
};
