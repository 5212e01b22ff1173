import { planOf } from '../../domain/subscription.js';
import type { BillingSubscriptionVersionResolvers } from '../__generated__/resolvers.js';
import { toGraphqlItem, toGraphqlTerm } from '../to-graphql.js';

/** For internal viewers alone, so with prices. */
export const BillingSubscriptionVersion: BillingSubscriptionVersionResolvers = {
  version: ({ version }) => version.version,
  cause: ({ version }) => version.cause,
  order: ({ version }) => (version.orderId === null ? null : { id: version.orderId }),
  recordedBy: ({ version }) => version.recordedBy,
  recordedAt: ({ version }) => version.recordedAt,
  effectiveOn: ({ version }) => version.effectiveOn,
  planCode: ({ version }) => planOf(version.items).productCode,
  quantity: ({ version }) => planOf(version.items).quantity,
  term: ({ version }) => toGraphqlTerm(version.term),
  items: ({ version, currency }, _args, { viewer }) =>
    version.items.map((item) => toGraphqlItem(item, currency, viewer.audience === 'internal')),
};
