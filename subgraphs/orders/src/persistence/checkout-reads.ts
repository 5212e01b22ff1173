import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { EntityManager } from 'typeorm';
import type { Checkout } from '../domain/checkout/checkout.js';
import { createCheckoutStore } from './checkout-store.js';

/** What a request reads of checkouts, as its viewer may see it at `now`: one at a time, for there is no list of them. */
export function createCheckoutReads(manager: EntityManager, viewer: Viewer, now: Date) {
  const store = createCheckoutStore(manager);
  return {
    checkout: (id: string): Promise<Checkout | null> => store.findVisible(viewer, now, id),
  };
}
