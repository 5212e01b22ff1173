import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { fulfillmentOf, isStepDone } from '../../domain/order/status.js';
import type { OrderResolvers } from '../__generated__/resolvers.js';
import { actionToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the order itself. */
export const Order: OrderResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.order.load(id),
  account: ({ accountId }, _, { loaders }) => loaders.account.load(accountId),
  invoiceOwner: ({ invoiceOwnerAccountId }, _, { loaders }) => loaders.account.load(invoiceOwnerAccountId),
  partner: ({ partnerId }) => (partnerId === null ? null : { id: partnerId }),
  actions: ({ actions, told }) =>
    actions.map((action) => actionToGraphql(action, isStepDone(told, 'SUBSCRIPTION_CREATED', action))),
  total: ({ total }) => total && moneyToGraphql(total),
  fulfillment: fulfillmentOf,
};
