import { isUuid } from '@fulfillment/kernel/domain/ids';
import { type Connection, emptyConnection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import DataLoader from 'dataloader';
import type { Account, Contact } from '../domain/account/account.js';
import type { Product } from '../domain/catalog/product.js';
import type { VisibleOrder } from '../domain/order/discretion.js';
import type { OrderStatus } from '../domain/order/status.js';
import type { AccountClock } from '../service/ports.js';
import { type OfferGround, readOfferGrounds } from '../service/read-offers.js';
import type { Reader } from './reader.js';

type OrdersArguments = PageArguments & { readonly status?: OrderStatus | null };

/** The page of a list under one of several parents. */
type OrdersLoader = (parentId: string, page: OrdersArguments) => Promise<Connection<VisibleOrder>>;

/** What one request reads, gathered: one statement for all keys of a level. Null is what does not exist or is not seen. */
export interface Loaders {
  readonly account: DataLoader<string, Account | null>;
  readonly contacts: DataLoader<string, readonly Contact[]>;
  readonly order: DataLoader<string, VisibleOrder | null>;
  readonly partner: DataLoader<string, { readonly id: string } | null>;
  /** By its code. */
  readonly product: DataLoader<string, Product | null>;
  readonly ordersOfAccount: OrdersLoader;
  readonly ordersOfPartner: OrdersLoader;
  /** By the deployment's id. */
  readonly offerGround: DataLoader<string, OfferGround | null>;
}

export function createLoaders(reader: Reader, clock: AccountClock): Loaders {
  return {
    account: byId((ids) => reader.accounts(ids)),
    contacts: byKey(async (ids) => byAccount(await reader.contacts(ids)), []),
    order: byId((ids) => reader.orders(ids)),
    partner: byId((ids) => reader.partners(ids)),
    product: new DataLoader(async (codes) => {
      const products = new Map((await reader.products()).map((product) => [product.code, product]));
      return codes.map((code) => products.get(code) ?? null);
    }),
    ordersOfAccount: pages((ids, page) => reader.ordersOfAccounts(ids, page)),
    ordersOfPartner: pages((ids, { status = null, ...page }) =>
      reader.ordersOfPartners(ids, page, { status }),
    ),
    offerGround: byKey((ids) => readOfferGrounds(reader, clock, ids), null),
  };
}

function byAccount(contacts: readonly Contact[]): Map<string, Contact[]> {
  const groups = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const group = groups.get(contact.accountId);
    if (group) group.push(contact);
    else groups.set(contact.accountId, [contact]);
  }
  return groups;
}

function byId<Row extends { readonly id: string }>(
  read: (ids: readonly string[]) => Promise<readonly Row[]>,
): DataLoader<string, Row | null> {
  return byKey(async (ids) => new Map((await read(ids)).map((row) => [row.id, row])), null);
}

/** Ids come from outside in any form: they are asked for in the database's own, and what is no id is not there. */
function byKey<Found, Missing>(
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
  missing: Missing,
): DataLoader<string, Found | Missing> {
  return new DataLoader(async (given) => {
    const ids = given.map((id) => id.toLowerCase());
    const known = [...new Set(ids.filter(isUuid))];
    const found = known.length === 0 ? new Map<string, Found>() : await read(known);
    return ids.map((id) => found.get(id) ?? missing);
  });
}

/** A list may be asked for with several arguments in one request: each set of arguments is one batch. */
function pages(
  read: (
    parentIds: readonly string[],
    page: OrdersArguments,
  ) => Promise<ReadonlyMap<string, Connection<VisibleOrder>>>,
): OrdersLoader {
  const loaders = new Map<string, DataLoader<string, Connection<VisibleOrder>>>();
  return (parentId, page) => {
    const key = JSON.stringify([page.first, page.after, page.last, page.before, page.status]);
    const loader = loaders.get(key) ?? byKey((ids) => read(ids, page), emptyConnection<VisibleOrder>());
    loaders.set(key, loader);
    return loader.load(parentId);
  };
}
