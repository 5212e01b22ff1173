import { lazily } from '@fulfillment/kernel/domain/lazily';
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
import type { Freshness } from '@fulfillment/kernel/server/freshness';
import type { Account } from '../domain/account/account.js';
import type { Contact } from '../domain/account/contact.js';
import type { Product } from '../domain/catalog/product.js';
import type { OfferFacts } from '../domain/offers/facts.js';
import { offersHoldUntil } from '../domain/offers/offers.js';
import type { VisibleOrder } from '../domain/order/discretion.js';
import type { OrderStatus } from '../domain/order/status.js';
import type { Quote } from '../domain/quote/quote.js';
import { type OfferSource, readOfferFacts } from '../service/offers/read-offers.js';
import type { Reader } from './reader.js';

type OrdersOfPartnerArguments = PageArguments & { readonly status?: OrderStatus | null };

/** Contacts by account, as of an instant, or as they stand when it is null. */
type ContactLoader = (accountId: string, at: { readonly asOf: Date | null }) => Promise<readonly Contact[]>;

/** What one request reads, gathered: one statement for all keys of a level. Null is what does not exist or is not seen. */
export interface Loaders {
  readonly account: Loader<Account | null>;
  readonly contacts: ContactLoader;
  /** By contact; the newest first. */
  readonly contactHistory: Loader<readonly Contact[]>;
  /** By account; null for one that has somebody to receive licenses. */
  readonly accountWithoutSoldTo: Loader<{ readonly id: string } | null>;
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
  readonly offerFacts: Loader<OfferFacts | null>;
}

/** What the loaders of a request read from, and tell. */
interface Sources extends Pick<OfferSource, 'clock' | 'taxRates'> {
  readonly reader: Reader;
  readonly freshness: Freshness;
}

export const createLoaders = lazily<Sources, Loaders>({
  account: ({ reader, freshness }) =>
    oneEach(
      async (ids) => {
        freshness.dependsOn(...ids.map((id) => `account:${id}` as const));
        return reader.accounts(ids);
      },
      ({ id }) => id,
    ),
  contacts: ({ reader }) => contactsEach(reader),
  contactHistory: ({ reader }) =>
    manyEach(
      (ids) => reader.contactHistory(ids),
      ({ id }) => id,
    ),
  accountWithoutSoldTo: ({ reader }) =>
    oneEach(
      (ids) => reader.accountsWithoutSoldTo(ids),
      ({ id }) => id,
    ),
  order: ({ reader }) =>
    oneEach(
      (ids) => reader.orders(ids),
      ({ id }) => id,
    ),
  quote: ({ reader }) =>
    oneEach(
      (ids) => reader.quotes(ids),
      ({ id }) => id,
    ),
  quoteRevisions: ({ reader }) =>
    manyEach(
      (ids) => reader.quoteRevisions(ids),
      ({ firstRevisionId }) => firstRevisionId,
    ),
  partner: ({ reader }) =>
    oneEach(
      (ids) => reader.partners(ids),
      ({ id }) => id,
    ),
  product: ({ reader, freshness }) =>
    oneEachByCode(
      () => {
        freshness.dependsOn('catalog');
        return reader.products();
      },
      ({ code }) => code,
    ),
  ordersOfAccount: ({ reader }) => pageEach((ids, page) => reader.ordersOfAccounts(ids, page)),
  quotesOfAccount: ({ reader }) => pageEach((ids, page) => reader.quotesOfAccounts(ids, page)),
  ordersOfPartner: ({ reader }) =>
    pageEach((ids, { status = null, ...page }) => reader.ordersOfPartners(ids, page, { status })),
  offerFacts: ({ reader, clock, taxRates, freshness }) =>
    valueEach(async (ids) => {
      const facts = await readOfferFacts({ reader, clock, taxRates }, ids);
      for (const one of facts.values()) tellFreshness(freshness, one);
      return facts;
    }, null),
});

/** Each instant that is asked for is a batch of its own. */
function contactsEach(reader: Reader): ContactLoader {
  const loaders = new Map<number | null, Loader<readonly Contact[]>>();
  return (accountId, { asOf }) => {
    const key = asOf?.getTime() ?? null;
    const loader =
      loaders.get(key) ??
      manyEach(
        (ids) => reader.contacts(ids, asOf),
        (contact) => contact.accountId,
      );
    loaders.set(key, loader);
    return loader.load(accountId);
  };
}

/** Prices hold for whole days of the account; rules, dismissals and interest begin and end at instants of their own. */
function tellFreshness(freshness: Freshness, facts: OfferFacts): void {
  const { deployment, order, at } = facts;
  const { account } = order.buyer;
  freshness.dependsOn(`deployment:${deployment.id}`, `account:${account.id}`, 'catalog', 'offer-rules');
  freshness.holdsUntil(offersHoldUntil(facts), at);
}
