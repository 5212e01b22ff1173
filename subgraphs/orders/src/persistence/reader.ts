import { lazily, type Makers } from '@fulfillment/kernel/domain/lazily';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { EntityManager } from 'typeorm';
import type { Product } from '../domain/catalog/product.js';
import type { OfferReader } from '../service/offers/read-offers.js';
import { createAccountReads } from './account-reads.js';
import { createCheckoutReads } from './checkout-reads.js';
import { selectKeptProducts } from './kept-catalog.js';
import { createLeadReads } from './lead-reads.js';
import { createOfferReads } from './offer-reads.js';
import { createOrderReads } from './order-reads.js';
import { createQuoteReads } from './quote-reads.js';

/** Whose reads they are, and the instant at which the viewer's grants must hold. */
interface Asking {
  readonly manager: EntityManager;
  readonly viewer: Viewer;
  readonly now: Date;
  /** What the statement for offers brings along, once it was sent. */
  offersRead?: ReturnType<OfferReader['offerRecords']>;
}

type Reads = ReturnType<typeof createAccountReads> &
  ReturnType<typeof createOrderReads> &
  ReturnType<typeof createQuoteReads> &
  ReturnType<typeof createCheckoutReads> &
  ReturnType<typeof createOfferReads> &
  ReturnType<typeof createLeadReads> & { products(): Promise<readonly Product[]> };

/** All that a request reads. `now`: the instant at which the viewer's grants must hold. */
export function createReader(manager: EntityManager, viewer: Viewer, now: Date): Reads {
  return read({ manager, viewer, now });
}

const read = lazily<Asking, Reads>({
  ...of(createAccountReads, 'accounts', 'contacts', 'contactHistory', 'accountsWithoutSoldTo', 'accountList'),
  ...of(createOrderReads, 'orders', 'orderList', 'ordersOfAccounts', 'ordersOfPartners', 'partners'),
  ...of(createQuoteReads, 'quotes', 'quoteRevisions', 'quoteList', 'quotesOfAccounts'),
  ...of(createCheckoutReads, 'checkout'),
  ...of(createOfferReads, 'offerRules', 'offerFunnel'),
  ...of(createLeadReads, 'lead', 'leadList', 'leadPolicy'),
  offerRecords: (asking) => (deploymentIds) => {
    const { manager, viewer, now } = asking;
    asking.offersRead = createOfferReads(manager, viewer, now).offerRecords(deploymentIds);
    return asking.offersRead;
  },
  products: (asking) => async () => {
    // Offers that are asked for in the same turn have been asked for by then, and bring the products along.
    await Promise.resolve();
    return (await asking.offersRead)?.products ?? selectKeptProducts(asking.manager);
  },
});

/** The reads of one kind of thing by their names, each made when it is asked for. */
function of<Reads extends object, Name extends keyof Reads>(
  create: (manager: EntityManager, viewer: Viewer, now: Date) => Reads,
  ...names: Name[]
): Makers<Asking, Pick<Reads, Name>> {
  const makers = names.map((name) => [
    name,
    ({ manager, viewer, now }: Asking) => create(manager, viewer, now)[name],
  ]);
  return Object.fromEntries(makers) as Makers<Asking, Pick<Reads, Name>>;
}
