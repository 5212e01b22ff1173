import type { Money } from '@fulfillment/kernel/domain/money';
import { type Connection, emptyConnection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import DataLoader from 'dataloader';
import type { Invoice } from '../domain/invoice.js';
import type { BillingSubscription, SubscriptionVersion } from '../domain/subscription.js';
import type { Readers } from './readers.js';

/** Reads of one request, gathered: one statement for all parents of a level. What may not be seen is null or missing. */
export interface Loaders {
  readonly subscription: DataLoader<string, BillingSubscription | null>;
  readonly invoice: DataLoader<string, Invoice | null>;
  readonly balance: DataLoader<string, Money | null>;
  readonly history: DataLoader<string, readonly SubscriptionVersion[]>;
  readonly invoicesOfOrder: DataLoader<string, readonly Invoice[]>;
  readonly invoicesOfSubscription: DataLoader<string, readonly Invoice[]>;
  readonly subscriptionsOfAccount: ListLoader<BillingSubscription>;
  readonly invoicesOfAccount: ListLoader<Invoice>;
}

/** The page of a list under one of several parents. */
export type ListLoader<Node> = (parentId: string, page: PageArguments) => Promise<Connection<Node>>;

export function createLoaders({ subscriptions, invoices, accounts }: Readers): Loaders {
  return {
    subscription: byId((ids) => subscriptions.byIds(ids)),
    invoice: byId((ids) => invoices.byIds(ids)),
    balance: byParent((ids) => accounts.balances(ids), null),
    history: byParent((ids) => subscriptions.histories(ids), []),
    invoicesOfOrder: byParent((ids) => invoices.ofOrders(ids), []),
    invoicesOfSubscription: byParent((ids) => invoices.ofSubscriptions(ids), []),
    subscriptionsOfAccount: pages((ids, page) => subscriptions.ofAccounts(ids, page)),
    invoicesOfAccount: pages((ids, page) => invoices.ofAccounts(ids, page)),
  };
}

function byId<Row extends { readonly id: string }>(
  read: (ids: readonly string[]) => Promise<readonly Row[]>,
): DataLoader<string, Row | null> {
  return byParent(async (ids) => new Map((await read(ids)).map((row) => [row.id, row])), null);
}

function byParent<Found, Missing>(
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
  missing: Missing,
): DataLoader<string, Found | Missing> {
  return new DataLoader(async (ids) => {
    const found = await read(ids);
    return ids.map((id) => found.get(id) ?? missing);
  });
}

/** A list may be asked for with several arguments in one request: each set of arguments is one batch. */
function pages<Node>(
  read: (parentIds: readonly string[], page: PageArguments) => Promise<Map<string, Connection<Node>>>,
): ListLoader<Node> {
  const loaders = new Map<string, DataLoader<string, Connection<Node>>>();
  return (parentId, page) => {
    const key = JSON.stringify([page.first, page.after, page.last, page.before]);
    let loader = loaders.get(key);
    if (!loader) {
      loader = byParent((ids) => read(ids, page), emptyConnection<Node>());
      loaders.set(key, loader);
    }
    return loader.load(parentId);
  };
}
