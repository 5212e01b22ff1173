import type { Money } from '@fulfillment/kernel/domain/money';
import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Account } from '../domain/account.js';
import type { Invoice } from '../domain/invoice.js';
import type { ShownSubscription } from '../domain/partner.js';
import type { RenewalFilter, RenewalSort } from '../domain/renewal-window.js';
import type { BillingSubscription, SubscriptionVersion } from '../domain/subscription.js';
import type { ReconciliationTerms, SettledSeats } from '../service/reconciliation-ports.js';
import type { MoneyReaders } from './receivables-readers.js';

/*
 * What resolvers read: each answers for one viewer, leaves out what that viewer may not see, and asks the database once a
 * call, for however many parents. Pages throw an InputError when their arguments are wrong.
 */

export interface SubscriptionReader {
  byIds(ids: readonly string[]): Promise<ShownSubscription[]>;
  /** By account that uses them, the newest first. */
  ofAccounts(
    accountIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<ShownSubscription>>>;
  /** An account whose profile the viewer may see, with a page of the subscriptions that it uses; null for another. */
  accountWithSubscriptions(
    accountId: string,
    page: PageArguments,
  ): Promise<{ readonly account: Account; readonly subscriptions: Connection<ShownSubscription> } | null>;
  /** Those whose terms end in a window, without those that were canceled. */
  dueForRenewal(
    filter: RenewalFilter,
    sort: RenewalSort,
    page: PageArguments,
  ): Promise<Connection<ShownSubscription>>;
  /** By subscription, every version, the newest first. */
  histories(ids: readonly string[]): Promise<Map<string, SubscriptionVersion[]>>;
  /** The one of a deployment whose term lasts on its account's present day; null when there is none. */
  inForce(
    deploymentId: string,
    now: (accountId: string) => Promise<Date>,
  ): Promise<BillingSubscription | null>;
}

/** Invoices come with their lines and payments, the newest first wherever there are several. */
export interface InvoiceReader {
  byIds(ids: readonly string[]): Promise<Invoice[]>;
  /** By account that pays. */
  ofAccounts(accountIds: readonly string[], page: PageArguments): Promise<Map<string, Connection<Invoice>>>;
  /** By order. */
  ofOrders(orderIds: readonly string[]): Promise<Map<string, Invoice[]>>;
  /** By subscription that a line charges for. */
  ofSubscriptions(subscriptionIds: readonly string[]): Promise<Map<string, Invoice[]>>;
}

/** What was settled of seats, and agreed about them: inside the company alone. */
export interface ReconciliationReader {
  /** By subscription, the newest first. */
  ofSubscriptions(ids: readonly string[]): Promise<Map<string, SettledSeats[]>>;
  /** By account that has its own. */
  terms(accountIds: readonly string[]): Promise<ReadonlyMap<string, ReconciliationTerms>>;
}

export interface AccountReader {
  /** Those whose profile the viewer may see. */
  byIds(ids: readonly string[]): Promise<Account[]>;
  /** By account that the viewer may see all of, what it still has to pay, less its account credit. */
  balances(accountIds: readonly string[]): Promise<Map<string, Money>>;
}

export interface Readers extends MoneyReaders {
  readonly subscriptions: SubscriptionReader;
  readonly invoices: InvoiceReader;
  readonly accounts: AccountReader;
  readonly reconciliations: ReconciliationReader;
}
