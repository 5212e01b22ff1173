import { personOf } from '@fulfillment/kernel/domain/viewer';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import { type LeadError, leadError } from '../../domain/lead/errors.js';
import { leadChangeErrors, type LeadChangeInput } from '../../domain/lead/judge.js';
import { changed } from '../../domain/lead/lead.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { recordLeadStep } from './touch-lead.js';

export interface UpdateLeadRequest extends Keyed, LeadChangeInput {
  readonly leadId: string;
}

/** The lead, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface UpdateLeadAnswer {
  readonly leadId: string | null;
  readonly errors: readonly LeadError[];
}

/** Moves a lead on, or gives it to somebody else; the change is kept in its history, and told. */
export async function updateLead(
  run: RunTransaction,
  asking: Asking,
  request: UpdateLeadRequest,
): Promise<UpdateLeadAnswer> {
  return callOnce(
    run,
    asking,
    'updateLead',
    request,
    (unit) => update(unit, asking, request),
    (error) => refused([error]),
  );
}

async function update(
  unit: UnitOfWork,
  { viewer }: Asking,
  { leadId, ...input }: UpdateLeadRequest,
): Promise<UpdateLeadAnswer> {
  const lead = isUuid(leadId) ? await unit.leads.lock(leadId.toLowerCase()) : null;
  if (lead === null) return refused([leadError('LEAD_NOT_FOUND', ['leadId'])]);
  const errors = leadChangeErrors(lead, input);
  if (errors.length > 0) return refused(errors);
  const customer = await unit.leads.customer(null, lead.deploymentId);
  if (customer === null) throw new Error(`The deployment of lead ${lead.id} is not known`);
  const { status = null, owner = null, reason = null } = input;
  const at = await unit.clock.now(lead.accountId);
  await recordLeadStep(unit, changed(lead, { status, owner, reason, at, by: personOf(viewer) }), customer);
  return { leadId: lead.id, errors: [] };
}

function refused(errors: readonly LeadError[]): UpdateLeadAnswer {
  return { leadId: null, errors };
}
