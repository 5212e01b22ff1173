import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';

export const orders: NonNullable<QueryResolvers['orders']> = (_, { filter, sort, ...page }, { reader }) =>
  reader.orderList(page, sort ?? 'PLACED_AT_DESC', {
    ...filter,
    accountId: readOptionalId('filter.accountId', filter?.accountId),
    partnerId: readOptionalId('filter.partnerId', filter?.partnerId),
    purchaseOrderNumber: readOptionalText('filter.purchaseOrderNumber', filter?.purchaseOrderNumber),
  });
