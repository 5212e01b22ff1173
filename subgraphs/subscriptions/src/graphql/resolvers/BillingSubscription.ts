import { seesSale } from '../../domain/discretion.js';
import { renewalAt } from '../../domain/renewal.js';
import { statusAt } from '../../domain/status.js';
import { planOf } from '../../domain/subscription.js';
import type { BillingSubscriptionResolvers } from '../__generated__/resolvers.js';
import { toGraphqlItem, toGraphqlTerm } from '../to-graphql.js';

export const BillingSubscription: BillingSubscriptionResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.subscription.load(id),
  status: async ({ head }, _args, { now }) => statusAt(head, await now(head.accountId)),
  account: ({ head }) => ({ id: head.accountId }),
  invoiceOwner: ({ head }, _args, { viewer }) =>
    seesSale(viewer, head) ? { id: head.invoiceOwnerAccountId } : null,
  partnerOfRecord: ({ head }) =>
    head.partnerOfRecordId === null ? null : { __typename: 'Partner', id: head.partnerOfRecordId },
  deployment: ({ deployment }) => ({ __typename: 'Deployment', id: deployment.id }),
  plan: ({ head }) => ({ __typename: 'Product', code: planOf(head.items).productCode }),
  quantity: ({ head }) => planOf(head.items).quantity,
  items: ({ head, currency }, _args, { viewer }) =>
    head.items.map((item) => toGraphqlItem(item, currency, seesSale(viewer, head))),
  currentTerm: ({ head }) => toGraphqlTerm(head.term),
  renewal: async ({ head }, _args, { now }) => renewalAt(head, await now(head.accountId)),
  history: async ({ id, currency }, _args, { loaders }) =>
    (await loaders.history.load(id)).map((version) => ({ version, currency })),
  invoices: ({ id }, _args, { loaders }) => loaders.invoicesOfSubscription.load(id),
};
