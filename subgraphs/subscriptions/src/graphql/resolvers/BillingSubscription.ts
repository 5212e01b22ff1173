import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { valueOf } from '@fulfillment/kernel/domain/agreement/metrics';
import { type LocalDate, localDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { seesSale } from '../../domain/discretion.js';
import { renewalAt } from '../../domain/renewal.js';
import { statusAt } from '../../domain/status.js';
import { planOfVersion, type SubscriptionVersion, versionAsOf } from '../../domain/subscription.js';
import type { BillingSubscriptionResolvers } from '../__generated__/resolvers.js';
import type { Context } from '../context.js';
import { itemToGraphql, plannedChangeToGraphql, termToGraphql } from '../to-graphql.js';

export const BillingSubscription: BillingSubscriptionResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.subscription.load(id),
  status: async ({ head }, _args, { now }) => statusAt(head, await now(head.accountId)),
  account: ({ head }) => ({ id: head.accountId }),
  invoiceOwner: ({ head }, _args, { viewer }) =>
    seesSale(viewer, head) ? { id: head.invoiceOwnerAccountId } : null,
  deployment: ({ deployment }) => ({ __typename: 'Deployment', id: deployment.id }),
  plan: ({ head }) => ({ __typename: 'Product', code: planOfVersion(head).productCode }),
  quantity: ({ head }) => planOfVersion(head).quantity,
  items: ({ head, currency }, _args, { viewer }) =>
    head.agreement.items.map((item) => itemToGraphql(item, currency, seesSale(viewer, head))),
  currentTerm: ({ head }) => termToGraphql(head.agreement.term),
  billing: async ({ head }, _args, context) => {
    const { billing, trial } = head.agreement;
    if (!seesSale(context.viewer, head)) return null;
    return {
      period: billing.period,
      anchor: billing.anchor,
      prorationPolicy: billing.policy,
      billedUntil: trial ? null : billedUntil(head.agreement, await today(head, context)),
    };
  },
  suspendedOn: ({ head }) => head.agreement.suspendedOn,
  canceledOn: ({ head }) => head.agreement.canceledOn,
  subscriptionTerms: ({ head }) => head.agreement.subscriptionTerms,
  plannedChanges: ({ head }) => head.agreement.renewal.planned.map(plannedChangeToGraphql),
  value: async ({ head }, _args, context) => {
    if (!seesSale(context.viewer, head)) return null;
    const { mrr, arr, tcv } = valueOf(head.agreement, await today(head, context));
    return { mrr: moneyToGraphql(mrr), arr: moneyToGraphql(arr), tcv: moneyToGraphql(tcv) };
  },
  renewal: async ({ head }, _args, { now }) => renewalAt(head, await now(head.accountId)),
  asOf: async ({ id, currency }, { effectiveOn, recordedBy }, { loaders }) => {
    const history = await loaders.history.load(id);
    const version = versionAsOf(history, localDate(effectiveOn), recordedBy ?? null);
    return version === null ? null : { version, currency };
  },
  history: async ({ id, currency }, _args, { loaders }) =>
    (await loaders.history.load(id)).map((version) => ({ version, currency })),
  seatReconciliations: ({ id }, _args, { loaders }) => loaders.seatReconciliations.load(id),
  invoices: ({ id }, _args, { loaders }) => loaders.invoicesOfSubscription.load(id),
};

/** The day that it is at the account. */
async function today(head: SubscriptionVersion, { now }: Context): Promise<LocalDate> {
  return localDateAt(await now(head.accountId), head.billingTimeZone);
}
