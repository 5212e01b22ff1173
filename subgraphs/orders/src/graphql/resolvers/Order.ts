import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { amountsOf } from '../../domain/order/amounts.js';
import type { VisibleOrder } from '../../domain/order/discretion.js';
import { noticesOf } from '../../domain/order/notice.js';
import { fulfillmentOf, isStepDone } from '../../domain/order/status.js';
import type { OrderResolvers } from '../__generated__/resolvers.js';
import { actionToGraphql, amountsToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the order itself. */
export const Order: OrderResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.order.load(id),
  account: ({ accountId }, _, { loaders }) => loaders.account.load(accountId),
  invoiceOwner: ({ invoiceOwnerAccountId }, _, { loaders }) => loaders.account.load(invoiceOwnerAccountId),
  partner: ({ partnerId }) => (partnerId === null ? null : { id: partnerId }),
  actions: ({ actions, told }) =>
    actions.map((action) => actionToGraphql(action, isStepDone(told, 'SUBSCRIPTION_CREATED', action))),
  net: (order) => amounts(order)?.net ?? null,
  tax: (order) => amounts(order)?.tax ?? null,
  total: ({ total }) => total && moneyToGraphql(total),
  fulfillment: fulfillmentOf,
  notices: async (order, _, { loaders }) =>
    noticesOf(order, { hasSoldTo: (await loaders.accountWithoutSoldTo.load(order.accountId)) === null }),
};

/** The sums of the lines; null where the prices are not the viewer's business. */
function amounts({ total, lines, currency }: VisibleOrder) {
  return total && amountsToGraphql(amountsOf(lines, currency));
}
