import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';

export const quotes: NonNullable<QueryResolvers['quotes']> = (_, { filter, sort, ...page }, { reader }) =>
  reader.quoteList(page, sort ?? 'CREATED_AT_DESC', {
    ...filter,
    accountId: readOptionalId('filter.accountId', filter?.accountId),
    partnerId: readOptionalId('filter.partnerId', filter?.partnerId),
    number: readOptionalText('filter.number', filter?.number),
    purchaseOrderNumber: readOptionalText('filter.purchaseOrderNumber', filter?.purchaseOrderNumber),
  });
