import { isStepDone } from '../../domain/order/status.js';
import type { OrderResolvers } from '../__generated__/resolvers.js';
import { actionToGraphql, moneyToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the order itself. */
export const Order: OrderResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.order.load(id),
  account: ({ accountId }, _, { loaders }) => loaders.account.load(accountId),
  invoiceOwner: ({ invoiceOwnerAccountId }, _, { loaders }) => loaders.account.load(invoiceOwnerAccountId),
  partner: ({ partnerId }) => (partnerId === null ? null : { id: partnerId }),
  actions: ({ actions, steps }) => {
    const isCarriedOut = isStepDone(steps, 'SUBSCRIPTION_CREATED');
    return actions.map((action) => actionToGraphql(action, isCarriedOut));
  },
  total: ({ total }) => total && moneyToGraphql(total),
  fulfillment: ({ steps }) => steps,
};
