import { derivedId } from '@fulfillment/kernel/domain/ids';
import { type OrderError, orderError } from '../../domain/order/errors.js';
import type { OrderDraft } from '../../domain/order/judge.js';
import type { Order } from '../../domain/order/order.js';
import type { Asking } from '../load-facts.js';
import type { UnitOfWork } from '../ports.js';
import { findOffers, type FoundOffer } from './find-offer.js';

/**
 * The offer that led to an order; null when none is named.
 * @returns what is wrong when it is not an offer for a deployment of the account that is ordered for
 */
export async function offerOrdered(
  unit: UnitOfWork,
  asking: Asking,
  offerId: string | null | undefined,
  draft: OrderDraft,
): Promise<{ readonly offer: FoundOffer | null } | { readonly error: OrderError }> {
  if (offerId == null) return { offer: null };
  const [offer = null] = await findOffers(unit, asking, [offerId]);
  if (offer !== null && isFor(offer, draft)) return { offer };
  const message =
    'There is no such offer for what is ordered: use the `id` that it was shown with, or leave it out.';
  return { error: orderError('OFFER_NOT_FOUND', ['offerId'], message) };
}

function isFor({ deployment }: FoundOffer, { parties, actions }: OrderDraft): boolean {
  const isOrdered = actions.some(
    (action) =>
      action.deployment?.id === deployment.id ||
      (action.subscriptionId !== null && deployment.subscriptionIds.includes(action.subscriptionId)),
  );
  return isOrdered && parties.accountId === deployment.accountId;
}

/** Records the order as what became of the offer, in the transaction that places it. */
export async function recordBought(
  unit: UnitOfWork,
  { reference, deployment: { accountId } }: FoundOffer,
  { id: orderId, placedAt: at, placedBy: by }: Order,
): Promise<void> {
  const id = derivedId('offer-event', orderId, 'BOUGHT');
  await unit.offers.addEvents([{ ...reference, id, kind: 'BOUGHT', accountId, at, by, orderId }]);
}
