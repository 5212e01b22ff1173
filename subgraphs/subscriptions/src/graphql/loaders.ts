import type { Money } from '@fulfillment/kernel/domain/money';
import { type Loader, oneEach, pageEach, type PageLoader, valueEach } from '@fulfillment/kernel/server/batch';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Invoice } from '../domain/invoice.js';
import type { BillingSubscription, SubscriptionVersion } from '../domain/subscription.js';
import type { Party } from '../service/documents.js';
import type { Readers } from './readers.js';
import { createMoneyLoaders, type MoneyLoaders } from './receivables-loaders.js';

/** Reads of one request, gathered: one statement for all parents of a level. What may not be seen is null or missing. */
export interface Loaders extends MoneyLoaders {
  readonly subscription: Loader<BillingSubscription | null>;
  readonly invoice: Loader<Invoice | null>;
  /** By account. */
  readonly party: Loader<Party | null>;
  /** By account. */
  readonly balance: Loader<Money | null>;
  /** By subscription. */
  readonly history: Loader<readonly SubscriptionVersion[]>;
  readonly invoicesOfOrder: Loader<readonly Invoice[]>;
  readonly invoicesOfSubscription: Loader<readonly Invoice[]>;
  readonly subscriptionsOfAccount: PageLoader<BillingSubscription, PageArguments>;
  readonly invoicesOfAccount: PageLoader<Invoice, PageArguments>;
}

export function createLoaders(readers: Readers): Loaders {
  const { subscriptions, invoices, accounts } = readers;
  return {
    ...createMoneyLoaders(readers),
    subscription: oneEach(
      (ids) => subscriptions.byIds(ids),
      ({ id }) => id,
    ),
    invoice: oneEach(
      (ids) => invoices.byIds(ids),
      ({ id }) => id,
    ),
    party: valueEach((ids) => accounts.parties(ids), null),
    balance: valueEach((ids) => accounts.balances(ids), null),
    history: valueEach((ids) => subscriptions.histories(ids), []),
    invoicesOfOrder: valueEach((ids) => invoices.ofOrders(ids), []),
    invoicesOfSubscription: valueEach((ids) => invoices.ofSubscriptions(ids), []),
    subscriptionsOfAccount: pageEach((ids, page) => subscriptions.ofAccounts(ids, page)),
    invoicesOfAccount: pageEach((ids, page) => invoices.ofAccounts(ids, page)),
  };
}
