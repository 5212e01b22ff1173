import type { PartnerPayload } from '@fulfillment/schema/events/partners';
import { toKnownPartner } from '../service/known.js';
import type { UnitOfWork } from '../service/ports.js';

/** Who pays when this partner sells. */
export function onPartner(payload: PartnerPayload, { projections }: UnitOfWork): Promise<void> {
  return projections.putPartner(toKnownPartner(payload));
}
