import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { EntityManager } from 'typeorm';
import { createAccountReads } from './account-reads.js';
import { createCheckoutReads } from './checkout-reads.js';
import { selectKeptProducts } from './kept-catalog.js';
import { createLeadReads } from './lead-reads.js';
import { createOfferReads } from './offer-reads.js';
import { createOrderReads } from './order-reads.js';
import { createQuoteReads } from './quote-reads.js';

/** All that a request reads. `now`: the instant at which the viewer's grants must hold. */
export function createReader(manager: EntityManager, viewer: Viewer, now: Date) {
  return {
    ...createAccountReads(manager, viewer, now),
    ...createOrderReads(manager, viewer, now),
    ...createQuoteReads(manager, viewer, now),
    ...createCheckoutReads(manager, viewer, now),
    ...createOfferReads(manager, viewer, now),
    ...createLeadReads(manager, viewer),
    products: () => selectKeptProducts(manager),
  };
}
