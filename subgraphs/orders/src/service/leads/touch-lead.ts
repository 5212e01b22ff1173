import type { LeadPayload } from '@fulfillment/schema/events/orders';
import type { LeadCustomer, LeadPerson, LeadTouch } from '../../domain/lead/facts.js';
import { type LeadStep, leadId, touched } from '../../domain/lead/lead.js';
import type { UnitOfWork } from '../ports.js';

/**
 * Adds what a person did to its lead, or makes one, and tells of it. Of two at the same moment one waits for the other;
 * what was added before changes nothing.
 */
export async function touchLead(
  unit: UnitOfWork,
  person: LeadPerson,
  touch: LeadTouch,
  customer: LeadCustomer,
): Promise<void> {
  const { deploymentId } = customer;
  await unit.lockOrdered([`lead ${leadId(deploymentId, person.email, 1)}`]);
  if (await unit.leads.hasEvent(touch.id)) return;
  const policy = await unit.leads.policy();
  if (policy === null) throw new Error('The policy of leads was not installed');
  const step = touched(
    await unit.leads.lockNewest(deploymentId, person.email),
    person,
    touch,
    customer,
    policy,
  );
  await recordLeadStep(unit, step, customer);
}

/** Writes a lead and what happened to it, and tells of it. */
export async function recordLeadStep(
  { leads, events }: UnitOfWork,
  step: LeadStep,
  customer: LeadCustomer,
): Promise<void> {
  const { lead } = step;
  await leads.save(lead, step.events);
  await events.append('orders.lead', {
    aggregateId: lead.id,
    version: lead.version,
    occurredAt: lead.updatedAt,
    payload: toLeadPayload(step, customer),
  });
}

export function toLeadPayload(
  { lead, events }: LeadStep,
  { accountName, sandbox }: Pick<LeadCustomer, 'accountName' | 'sandbox'>,
): LeadPayload {
  const { touches: _, mostSeats: __, updatedAt: ___, version: ____, number: _____, ...facts } = lead;
  const last = events.at(-1);
  if (last === undefined) throw new Error(`Nothing happened to lead ${lead.id}`);
  const { kind, at, by, message, seats, planCode } = last;
  return {
    ...facts,
    accountName,
    sandbox,
    scoreReasons: [...lead.scoreReasons],
    createdAt: lead.createdAt.toISOString(),
    lastEvent: { kind, at: at.toISOString(), by, message, seats, planCode },
  };
}
