import { approvalOf } from '../../domain/quote/approval.js';
import { statusAt } from '../../domain/quote/lifecycle.js';
import type { QuoteResolvers } from '../__generated__/resolvers.js';
import { amountsToGraphql, valueToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the quote itself. */
export const Quote: QuoteResolvers = {
  status: async (quote, _, { now }) => statusAt(quote, await now(quote.accountId)),
  effectiveDate: ({ draft }) => draft.effectiveDate,
  effectiveDateFixed: ({ draft }) => draft.day === 'FIXED',
  account: ({ accountId }, _, { loaders }) => loaders.account.load(accountId),
  invoiceOwner: ({ invoiceOwnerAccountId }, _, { loaders }) => loaders.account.load(invoiceOwnerAccountId),
  partner: ({ partnerId }) => (partnerId === null ? null : { id: partnerId }),
  purchaseOrderNumber: ({ request }) => request.purchaseOrderNumber ?? null,
  lines: ({ draft }) => draft.lines,
  net: ({ draft }) => amountsToGraphql(draft).net,
  tax: ({ draft }) => amountsToGraphql(draft).tax,
  total: ({ draft }) => amountsToGraphql(draft).total,
  valueChange: ({ draft }) => valueToGraphql(draft.valueChange),
  order: ({ orderId }, _, { loaders }) => (orderId === null ? null : loaders.order.load(orderId)),
  revisions: ({ firstRevisionId }, _, { loaders }) => loaders.quoteRevisions.load(firstRevisionId),
  approval: approvalOf,
  history: ({ events }) => events,
};
