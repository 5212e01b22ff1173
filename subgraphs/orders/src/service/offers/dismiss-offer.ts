import { personOf } from '@fulfillment/kernel/domain/viewer';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { dismissedUntil } from '../../domain/offers/dismissal.js';
import { type OfferError, offerError } from '../../domain/offers/errors.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { findOffers, type FoundOffer } from './find-offer.js';

export interface DismissOfferRequest extends Keyed {
  readonly offerId: string;
}

/** Until when the offer stays away, as text, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface DismissOfferAnswer {
  readonly until: string | null;
  readonly errors: readonly OfferError[];
}

/** Keeps an offer away for 30 days by the account's own clock, at every placement and for everybody of the account. */
export async function dismissOffer(
  run: RunTransaction,
  asking: Asking,
  request: DismissOfferRequest,
): Promise<DismissOfferAnswer> {
  return callOnce(
    run,
    asking,
    'dismissOffer',
    request,
    async (unit) => {
      const [found = null] = await findOffers(unit, asking, [request.offerId]);
      if (found === null) return refused(offerError('OFFER_NOT_FOUND', ['offerId']));
      return dismiss(unit, asking, found);
    },
    refused,
  );
}

async function dismiss(
  unit: UnitOfWork,
  { viewer }: Asking,
  { reference, deployment }: FoundOffer,
): Promise<DismissOfferAnswer> {
  const at = await unit.clock.now(deployment.accountId);
  const until = dismissedUntil(at);
  const { deploymentId, ruleCode, subject } = reference;
  const version = await unit.offers.dismiss(reference, until);
  const aggregateId = derivedId('offer-dismissal', deploymentId, ruleCode, subject);
  const payload = { deploymentId, ruleCode, subject, until: until.toISOString() };
  await unit.events.append('orders.offer-dismissal', { aggregateId, version, occurredAt: at, payload });
  const id = derivedId('offer-event', aggregateId, version);
  const { accountId } = deployment;
  await unit.offers.addEvents([
    { ...reference, id, kind: 'DISMISSED', accountId, at, by: personOf(viewer), orderId: null },
  ]);
  return { until: until.toISOString(), errors: [] };
}

function refused(error: OfferError): DismissOfferAnswer {
  return { until: null, errors: [error] };
}
