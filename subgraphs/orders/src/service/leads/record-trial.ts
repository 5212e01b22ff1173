import { planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { normalizedEmail } from '@fulfillment/kernel/domain/email-address';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { LeadPerson, LeadTouch } from '../../domain/lead/facts.js';
import type { KnownTrial } from '../known.js';
import type { UnitOfWork } from '../ports.js';
import type { LeadContact } from './ports.js';
import { touchLead } from './touch-lead.js';

/**
 * Makes a lead of a trial, whoever ordered it: of the person whom we write to about the deployment. A trial counts once,
 * however often and in whatever version it is told of; without anybody to write to it waits for the first contact of its account.
 */
export async function recordTrial(unit: UnitOfWork, subscription: KnownTrial, at: Date): Promise<void> {
  if (!subscription.agreement.trial) return;
  const touch = trialTouch(subscription, at);
  if (await unit.leads.hasEvent(touch.id)) return;
  // Whoever names the first contact at this moment either sees this trial, or is seen here.
  await unit.contacts.lock(subscription.accountId);
  const contact = await unit.leads.contact(subscription.accountId);
  const customer = await unit.leads.customer(null, subscription.deploymentId);
  if (contact === null || customer === null) return;
  await touchLead(unit, personOfContact(contact), touch, customer);
}

/** Makes the leads of an account's trials that waited for somebody to write to. Its contacts are locked. */
export async function recordTrialsOf(unit: UnitOfWork, accountId: string, at: Date): Promise<void> {
  for (const trial of await unit.leads.trialsOf(accountId)) await recordTrial(unit, trial, at);
}

export function trialTouch({ id, agreement }: Pick<KnownTrial, 'id' | 'agreement'>, at: Date): LeadTouch {
  const { productCode: planCode, quantity: seats } = planOf(agreement.items);
  return {
    id: derivedId('lead-event', 'TRIAL_STARTED', id),
    kind: 'TRIAL_STARTED',
    at,
    by: 'service:subscriptions',
    message: null,
    seats,
    planCode,
  };
}

export function personOfContact({ name, email }: LeadContact): LeadPerson {
  return { name, email: normalizedEmail(email), phone: null };
}
