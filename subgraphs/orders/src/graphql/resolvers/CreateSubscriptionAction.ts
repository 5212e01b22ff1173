import { planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import type { CreateSubscriptionActionResolvers } from '../__generated__/resolvers.js';
import { requireProduct } from '../require-product.js';

/** Fields that are not named here are those of every action. */
export const CreateSubscriptionAction: CreateSubscriptionActionResolvers = {
  plan: ({ change }, _, { loaders }) => requireProduct(loaders, planOf(change.agreement.items).productCode),
  quantity: ({ change }) => planOf(change.agreement.items).quantity,
  termMonths: ({ change }) => change.agreement.term.months,
  trial: ({ change }) => change.agreement.trial,
  billingPeriod: ({ change }) => change.agreement.billing.period,
};
