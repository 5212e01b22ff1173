import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';
import { requireScope } from '../../require-scope.js';

/** Buyers and partners see a list of their own; that of all, as of all orders, takes a scope. */
export const quotes: NonNullable<QueryResolvers['quotes']> = (_, { filter, sort, ...page }, context) => {
  if (context.viewer.audience === 'internal') requireScope(context, 'orders:read', ['internal']);
  return context.reader.quoteList(page, sort ?? 'CREATED_AT_DESC', {
    ...filter,
    accountId: readOptionalId('filter.accountId', filter?.accountId),
    partnerId: readOptionalId('filter.partnerId', filter?.partnerId),
    number: readOptionalText('filter.number', filter?.number),
    purchaseOrderNumber: readOptionalText('filter.purchaseOrderNumber', filter?.purchaseOrderNumber),
  });
};
