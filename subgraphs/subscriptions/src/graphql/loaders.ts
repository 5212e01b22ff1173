import type { Money } from '@fulfillment/kernel/domain/money';
import { type Loader, oneEach, pageEach, type PageLoader, valueEach } from '@fulfillment/kernel/server/batch';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Invoice } from '../domain/invoice.js';
import type { BillingSubscription, SubscriptionVersion } from '../domain/subscription.js';
import type { ShownDraft } from '../domain/receivables/shown-draft.js';
import type { Party } from '../service/documents.js';
import type { ReconciliationTerms, SettledSeats } from '../service/reconciliation-ports.js';
import type { TellFreshness } from './freshness.js';
import type { Readers } from './readers.js';
import { createMoneyLoaders, type MoneyLoaders } from './receivables-loaders.js';

/** Reads of one request, gathered: one statement for all parents of a level. What may not be seen is null or missing. */
export interface Loaders extends MoneyLoaders {
  readonly subscription: Loader<BillingSubscription | null>;
  readonly invoice: Loader<Invoice | null>;
  readonly draft: Loader<ShownDraft | null>;
  /** By account. */
  readonly party: Loader<Party | null>;
  /** By account. */
  readonly balance: Loader<Money | null>;
  /** By subscription. */
  readonly history: Loader<readonly SubscriptionVersion[]>;
  /** By subscription. */
  readonly seatReconciliations: Loader<readonly SettledSeats[]>;
  /** By account; null where the rules decide. */
  readonly reconciliationTerms: Loader<ReconciliationTerms | null>;
  readonly invoicesOfOrder: Loader<readonly Invoice[]>;
  readonly invoicesOfSubscription: Loader<readonly Invoice[]>;
  readonly subscriptionsOfAccount: PageLoader<BillingSubscription, PageArguments>;
  readonly invoicesOfAccount: PageLoader<Invoice, PageArguments>;
}

export function createLoaders(readers: Readers, tell: TellFreshness): Loaders {
  const { subscriptions, invoices, accounts } = readers;
  return {
    ...createMoneyLoaders(readers),
    subscription: oneEach(
      async (ids) => {
        const found = await subscriptions.byIds(ids);
        await Promise.all(found.map((subscription) => tell.subscription(subscription)));
        return found;
      },
      ({ id }) => id,
    ),
    invoice: oneEach(
      (ids) => invoices.byIds(ids),
      ({ id }) => id,
    ),
    draft: oneEach(
      (ids) => readers.drafts.byIds(ids),
      ({ id }) => id,
    ),
    party: valueEach((ids) => accounts.parties(ids), null),
    balance: valueEach((ids) => accounts.balances(ids), null),
    history: valueEach((ids) => subscriptions.histories(ids), []),
    seatReconciliations: valueEach((ids) => readers.reconciliations.ofSubscriptions(ids), []),
    reconciliationTerms: valueEach((ids) => readers.reconciliations.terms(ids), null),
    invoicesOfOrder: valueEach((ids) => invoices.ofOrders(ids), []),
    invoicesOfSubscription: valueEach((ids) => invoices.ofSubscriptions(ids), []),
    subscriptionsOfAccount: pageEach(async (ids, page) => {
      for (const id of ids) tell.account(id);
      const pages = await subscriptions.ofAccounts(ids, page);
      const found = [...pages.values()].flatMap(({ nodes }) => nodes);
      await Promise.all(found.map((subscription) => tell.subscription(subscription)));
      return pages;
    }),
    invoicesOfAccount: pageEach((ids, page) => invoices.ofAccounts(ids, page)),
  };
}
