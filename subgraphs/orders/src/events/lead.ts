import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { LeadPayload } from '@fulfillment/schema/events/orders';
import { recordHandedOver } from '../service/leads/hand-over-lead.js';
import type { UnitOfWork } from '../service/ports.js';

/** A lead of our own was handed on to a CRM before, by way of the bus: so none is lost while that is down. */
export function onLead(
  payload: LeadPayload,
  unit: UnitOfWork,
  { sequence }: Pick<EventEnvelope, 'sequence'>,
): Promise<void> {
  return recordHandedOver(unit, payload, sequence);
}
