import { isUuid } from '@fulfillment/kernel/domain/ids';
import type { Clock } from '@fulfillment/kernel/server/clock';
import { emptyConnection, type Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import DataLoader from 'dataloader';
import type { Commission } from '../domain/commission.js';
import type { CustomerRelationship } from '../domain/customer-relationship.js';
import type { VisiblePartner } from '../domain/partner.js';
import type { PartnersReader } from './reader.js';

/** One list under each of many parents, per set of arguments. */
type PageLoader<Node> = (page: PageArguments) => DataLoader<string, Connection<Node>>;

/** What one request reads, gathered so that each kind of thing costs one statement, however many ask for it. */
export interface Loaders {
  readonly partner: DataLoader<string, VisiblePartner | null>;
  /** By distributor. */
  readonly resellers: DataLoader<string, VisiblePartner[]>;
  /** By account. */
  readonly sellers: DataLoader<string, VisiblePartner[]>;
  /** By partner. */
  readonly customers: PageLoader<CustomerRelationship>;
  readonly commission: DataLoader<string, Commission | null>;
  readonly commissionOfOrder: DataLoader<string, Commission | null>;
  /** By partner. */
  readonly commissions: PageLoader<Commission>;
}

export function createLoaders(reader: PartnersReader, clock: Clock): Loaders {
  return {
    partner: one(
      (ids) => reader.partnersById(ids),
      (partner) => partner.id,
    ),
    resellers: many(
      (ids) => reader.resellersOf(ids),
      () => [],
    ),
    sellers: many(
      async (ids) => reader.sellersTo(await presentOf(ids, clock)),
      () => [],
    ),
    customers: paged((ids, page) => reader.customersOf(ids, page)),
    commission: one(
      (ids) => reader.commissionsById(ids),
      (commission) => commission.id,
    ),
    commissionOfOrder: one(
      (ids) => reader.commissionsByOrder(ids),
      (commission) => commission.orderId ?? '',
    ),
    commissions: paged((ids, page) => reader.commissionsOf(ids, page)),
  };
}

/** Each account lives by its own clock. */
function presentOf(accountIds: readonly string[], clock: Clock) {
  return Promise.all(accountIds.map(async (accountId) => ({ accountId, at: await clock.now(accountId) })));
}

function one<Value>(
  read: (ids: readonly string[]) => Promise<Value[]>,
  keyOf: (value: Value) => string,
): DataLoader<string, Value | null> {
  return many<Value | null>(
    async (ids) => new Map((await read(ids)).map((value) => [keyOf(value), value])),
    () => null,
  );
}

/** Ids come from outside in any form: they are asked for in the database's own, and what is no id is not there. */
function many<Value>(
  read: (ids: readonly string[]) => Promise<Map<string, Value>>,
  absent: () => Value,
): DataLoader<string, Value> {
  return new DataLoader(async (given) => {
    const ids = given.map((id) => id.toLowerCase());
    const found = await read([...new Set(ids.filter(isUuid))]);
    return ids.map((id) => found.get(id) ?? absent());
  });
}

function paged<Node>(
  read: (ids: readonly string[], page: PageArguments) => Promise<Map<string, Connection<Node>>>,
): PageLoader<Node> {
  const loaders = new Map<string, DataLoader<string, Connection<Node>>>();
  return (page) => {
    const key = JSON.stringify([page.first, page.after]);
    const loader =
      loaders.get(key) ??
      many(
        (ids) => read(ids, page),
        () => emptyConnection<Node>(),
      );
    loaders.set(key, loader);
    return loader;
  };
}
