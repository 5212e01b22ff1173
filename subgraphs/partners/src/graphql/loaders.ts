import type { Clock } from '@fulfillment/kernel/domain/clock';
import { lazily } from '@fulfillment/kernel/domain/lazily';
import { type Loader, oneEach, pageEach, type PageLoader, valueEach } from '@fulfillment/kernel/server/batch';
import type { Freshness } from '@fulfillment/kernel/server/freshness';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Commission } from '../domain/commission.js';
import type { CustomerRelationship } from '../domain/customer-relationship.js';
import type { VisiblePartner } from '../domain/partner.js';
import type { PartnersReader } from './reader.js';

/** What one request reads, gathered so that each kind of thing costs one statement, however many ask for it. */
export interface Loaders {
  readonly partner: Loader<VisiblePartner | null>;
  /** By distributor. */
  readonly resellers: Loader<readonly VisiblePartner[]>;
  /** By account. */
  readonly sellers: Loader<readonly VisiblePartner[]>;
  /** By partner. */
  readonly customers: PageLoader<CustomerRelationship, PageArguments>;
  readonly commission: Loader<Commission | null>;
  /** By partner. */
  readonly commissions: PageLoader<Commission, PageArguments>;
  /** By order. */
  readonly commissionsOfOrder: PageLoader<Commission, PageArguments>;
}

/** What the loaders of a request read from, and tell. */
interface Sources {
  readonly reader: PartnersReader;
  readonly clock: Clock;
  readonly freshness: Freshness;
}

export const createLoaders = lazily<Sources, Loaders>({
  partner: ({ reader, freshness }) =>
    oneEach(
      async (ids) => {
        freshness.dependsOn(...ids.map((id) => `partner:${id}` as const));
        return reader.partnersById(ids);
      },
      (partner) => partner.id,
    ),
  resellers: ({ reader }) => valueEach((ids) => reader.resellersOf(ids), []),
  sellers: ({ reader, clock }) => valueEach(async (ids) => reader.sellersTo(await presentOf(ids, clock)), []),
  customers: ({ reader }) => pageEach((ids, page) => reader.customersOf(ids, page)),
  commission: ({ reader }) =>
    oneEach(
      (ids) => reader.commissionsById(ids),
      (commission) => commission.id,
    ),
  commissions: ({ reader }) => pageEach((ids, page) => reader.commissionsOf(ids, page)),
  commissionsOfOrder: ({ reader }) => pageEach((ids, page) => reader.commissionsOfOrders(ids, page)),
});

/** Each account lives by its own clock. */
function presentOf(accountIds: readonly string[], clock: Clock) {
  return Promise.all(accountIds.map(async (accountId) => ({ accountId, at: await clock.now(accountId) })));
}
