import { type OfferReference, readOfferId } from '../../domain/offers/offer-id.js';
import type { Asking } from '../load-facts.js';
import type { UnitOfWork } from '../ports.js';
import type { OfferableDeployment } from './ports.js';

/** An offer that the viewer may see, and whose it is. */
export interface FoundOffer {
  readonly reference: OfferReference;
  readonly deployment: OfferableDeployment;
}

/**
 * The offers of these ids, in their order; null for an id that was made up, whose rule does not exist, or whose deployment
 * the viewer may not see: nobody learns which of these it is.
 */
export async function findOffers(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  ids: readonly string[],
): Promise<readonly (FoundOffer | null)[]> {
  const references = ids.map(readOfferId);
  const named = references.flatMap((one) => (one === null ? [] : [one.deploymentId.toLowerCase()]));
  if (named.length === 0) return ids.map(() => null);
  const deployments = await unit.offers.deployments(viewer, receivedAt, [...new Set(named)]);
  const rules = new Set((await unit.offers.rules()).map(({ code }) => code));
  return references.map((reference) => {
    const deployment = reference === null ? undefined : deployments.get(reference.deploymentId.toLowerCase());
    if (reference === null || deployment === undefined || !rules.has(reference.ruleCode)) return null;
    return { reference, deployment };
  });
}
