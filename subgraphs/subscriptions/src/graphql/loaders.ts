import { lazily } from '@fulfillment/kernel/domain/lazily';
import type { Money } from '@fulfillment/kernel/domain/money';
import { type Loader, oneEach, pageEach, type PageLoader, valueEach } from '@fulfillment/kernel/server/batch';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Account } from '../domain/account.js';
import type { Invoice } from '../domain/invoice.js';
import type { ShownSubscription } from '../domain/partner.js';
import type { SubscriptionVersion } from '../domain/subscription.js';
import type { ShownDraft } from '../domain/receivables/shown-draft.js';
import type { ReconciliationTerms, SettledSeats } from '../service/reconciliation-ports.js';
import type { TellFreshness } from './freshness.js';
import type { AccountMapper } from './mappers.js';
import type { Readers } from './readers.js';
import { type MoneyLoaders, moneyLoaders } from './receivables-loaders.js';

/** Reads of one request, gathered: one statement for all parents of a level. What may not be seen is null or missing. */
export interface Loaders extends MoneyLoaders {
  readonly subscription: Loader<ShownSubscription | null>;
  readonly invoice: Loader<Invoice | null>;
  readonly draft: Loader<ShownDraft | null>;
  readonly account: Loader<Account | null>;
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
  readonly subscriptionsOfAccount: PageLoader<ShownSubscription, PageArguments>;
  readonly invoicesOfAccount: PageLoader<Invoice, PageArguments>;
  /** One account with a page of its subscriptions, by one statement. */
  readonly accountWithSubscriptions: (id: string, page: PageArguments) => Promise<AccountMapper | null>;
}

/** What the loaders of a request read from, and tell. */
interface Sources {
  readonly readers: Readers;
  readonly tell: TellFreshness;
}

export const createLoaders = lazily<Sources, Loaders>({
  ...moneyLoaders,
  subscription: ({ readers: { subscriptions }, tell }) =>
    oneEach(
      async (ids) => {
        const found = await subscriptions.byIds(ids);
        await Promise.all(found.map((subscription) => tell.subscription(subscription)));
        return found;
      },
      ({ id }) => id,
    ),
  invoice: ({ readers: { invoices } }) =>
    oneEach(
      (ids) => invoices.byIds(ids),
      ({ id }) => id,
    ),
  draft: ({ readers: { drafts } }) =>
    oneEach(
      (ids) => drafts.byIds(ids),
      ({ id }) => id,
    ),
  account: ({ readers: { accounts }, tell }) =>
    oneEach(
      async (ids) => {
        for (const id of ids) tell.account(id);
        return accounts.byIds(ids);
      },
      ({ id }) => id,
    ),
  balance: ({ readers: { accounts } }) => valueEach((ids) => accounts.balances(ids), null),
  history: ({ readers: { subscriptions } }) => valueEach((ids) => subscriptions.histories(ids), []),
  seatReconciliations: ({ readers: { reconciliations } }) =>
    valueEach((ids) => reconciliations.ofSubscriptions(ids), []),
  reconciliationTerms: ({ readers: { reconciliations } }) =>
    valueEach((ids) => reconciliations.terms(ids), null),
  invoicesOfOrder: ({ readers: { invoices } }) => valueEach((ids) => invoices.ofOrders(ids), []),
  invoicesOfSubscription: ({ readers: { invoices } }) =>
    valueEach((ids) => invoices.ofSubscriptions(ids), []),
  subscriptionsOfAccount: ({ readers: { subscriptions }, tell }) =>
    pageEach(async (ids, page) => {
      for (const id of ids) tell.account(id);
      const pages = await subscriptions.ofAccounts(ids, page);
      const found = [...pages.values()].flatMap(({ nodes }) => nodes);
      await Promise.all(found.map((subscription) => tell.subscription(subscription)));
      return pages;
    }),
  invoicesOfAccount: ({ readers: { invoices } }) => pageEach((ids, page) => invoices.ofAccounts(ids, page)),
  accountWithSubscriptions:
    ({ readers: { subscriptions }, tell }) =>
    async (id, page) => {
      tell.account(id);
      const found = await subscriptions.accountWithSubscriptions(id, page);
      if (found === null) return null;
      const { account: known, subscriptions: connection } = found;
      await Promise.all(connection.nodes.map((subscription) => tell.subscription(subscription)));
      return { id, known, subscriptions: { page, connection } };
    },
});
