import { isBackdated, planOfVersion } from '../../domain/subscription.js';
import type { BillingSubscriptionVersionResolvers } from '../__generated__/resolvers.js';
import { itemToGraphql, termToGraphql } from '../to-graphql.js';

/** For internal viewers alone, so with prices. */
export const BillingSubscriptionVersion: BillingSubscriptionVersionResolvers = {
  version: ({ version }) => version.version,
  cause: ({ version }) => version.cause,
  order: ({ version }) => (version.orderId === null ? null : { id: version.orderId }),
  recordedBy: ({ version }) => version.recordedBy,
  recordedAt: ({ version }) => version.recordedAt,
  effectiveOn: ({ version }) => version.effectiveOn,
  backdated: ({ version }) => isBackdated(version),
  trial: ({ version }) => version.agreement.trial,
  suspendedOn: ({ version }) => version.agreement.suspendedOn,
  canceledOn: ({ version }) => version.agreement.canceledOn,
  planCode: ({ version }) => planOfVersion(version).productCode,
  quantity: ({ version }) => planOfVersion(version).quantity,
  term: ({ version }) => termToGraphql(version.agreement.term),
  items: ({ version, currency }, _args, { viewer }) =>
    version.agreement.items.map((item) => itemToGraphql(item, currency, viewer.audience === 'internal')),
};
