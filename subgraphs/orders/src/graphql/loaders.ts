import type { Clock } from '@fulfillment/kernel/domain/clock';
import {
  type Loader,
  manyEach,
  oneEach,
  oneEachByCode,
  pageEach,
  type PageLoader,
  valueEach,
} from '@fulfillment/kernel/server/batch';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import { endOfDayAt } from '@fulfillment/kernel/domain/calendar';
import type { Freshness } from '@fulfillment/kernel/server/freshness';
import type { Account, Contact } from '../domain/account/account.js';
import type { Product } from '../domain/catalog/product.js';
import type { VisibleOrder } from '../domain/order/discretion.js';
import type { OrderStatus } from '../domain/order/status.js';
import type { Quote } from '../domain/quote/quote.js';
import { type OfferGround, readOfferGrounds } from '../service/read-offers.js';
import type { Reader } from './reader.js';

type OrdersOfPartnerArguments = PageArguments & { readonly status?: OrderStatus | null };

/** What one request reads, gathered: one statement for all keys of a level. Null is what does not exist or is not seen. */
export interface Loaders {
  readonly account: Loader<Account | null>;
  /** By account. */
  readonly contacts: Loader<readonly Contact[]>;
  readonly order: Loader<VisibleOrder | null>;
  readonly quote: Loader<Quote | null>;
  /** By the id of the first one. */
  readonly quoteRevisions: Loader<readonly Quote[]>;
  readonly partner: Loader<{ readonly id: string } | null>;
  /** By its code. */
  readonly product: Loader<Product | null>;
  readonly ordersOfAccount: PageLoader<VisibleOrder, PageArguments>;
  readonly quotesOfAccount: PageLoader<Quote, PageArguments>;
  readonly ordersOfPartner: PageLoader<VisibleOrder, OrdersOfPartnerArguments>;
  /** By the deployment's id. */
  readonly offerGround: Loader<OfferGround | null>;
}

export function createLoaders(reader: Reader, clock: Clock, freshness: Freshness): Loaders {
  return {
    account: oneEach(
      async (ids) => {
        freshness.dependsOn(...ids.map((id) => `account:${id}` as const));
        return reader.accounts(ids);
      },
      ({ id }) => id,
    ),
    contacts: manyEach(
      (ids) => reader.contacts(ids),
      ({ accountId }) => accountId,
    ),
    order: oneEach(
      (ids) => reader.orders(ids),
      ({ id }) => id,
    ),
    quote: oneEach(
      (ids) => reader.quotes(ids),
      ({ id }) => id,
    ),
    quoteRevisions: manyEach(
      (ids) => reader.quoteRevisions(ids),
      ({ firstRevisionId }) => firstRevisionId,
    ),
    partner: oneEach(
      (ids) => reader.partners(ids),
      ({ id }) => id,
    ),
    product: oneEachByCode(
      () => {
        freshness.dependsOn('catalog');
        return reader.products();
      },
      ({ code }) => code,
    ),
    ordersOfAccount: pageEach((ids, page) => reader.ordersOfAccounts(ids, page)),
    quotesOfAccount: pageEach((ids, page) => reader.quotesOfAccounts(ids, page)),
    ordersOfPartner: pageEach((ids, { status = null, ...page }) =>
      reader.ordersOfPartners(ids, page, { status }),
    ),
    offerGround: valueEach(async (ids) => {
      const grounds = await readOfferGrounds(reader, clock, ids);
      for (const ground of grounds.values()) tellFreshness(freshness, ground);
      return grounds;
    }, null),
  };
}

/** List prices hold for whole days of the account. */
function tellFreshness(freshness: Freshness, { deployment, at }: OfferGround): void {
  freshness.dependsOn(`deployment:${deployment.id}`, `account:${deployment.accountId}`, 'catalog');
  freshness.holdsUntil(endOfDayAt(at, deployment.billingTimeZone), at);
}
