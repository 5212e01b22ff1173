import { personOf } from '@fulfillment/kernel/domain/viewer';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import { type LeadError, leadError } from '../../domain/lead/errors.js';
import { judgeSalesContact, type SalesContactInput } from '../../domain/lead/judge.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';
import { touchLead } from './touch-lead.js';

export interface SalesContactRequest extends Keyed, SalesContactInput {
  readonly deploymentId: string;
}

/** When the request was taken, as text, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface SalesContactAnswer {
  readonly requestedAt: string | null;
  readonly errors: readonly LeadError[];
}

/** Makes a lead of somebody who wants to talk to sales, or adds the request to the one that there is. */
export async function requestSalesContact(
  run: RunTransaction,
  asking: Asking,
  request: SalesContactRequest,
): Promise<SalesContactAnswer> {
  return callOnce(
    run,
    asking,
    'requestSalesContact',
    request,
    (unit) => take(unit, asking, request),
    (error) => refused([error]),
  );
}

async function take(
  unit: UnitOfWork,
  { viewer, receivedAt: at }: Asking,
  { deploymentId, ...input }: SalesContactRequest,
): Promise<SalesContactAnswer> {
  const customer = isUuid(deploymentId)
    ? await unit.leads.customer({ viewer, at }, deploymentId.toLowerCase())
    : null;
  const judged = judgeSalesContact(input, await unit.facts.products());
  const errors = [
    ...(customer === null ? [leadError('DEPLOYMENT_NOT_FOUND', ['deploymentId'])] : []),
    ...(judged.ok ? [] : judged.error),
  ];
  if (customer === null || !judged.ok) return refused(errors);
  const { person, ...asked } = judged.value;
  const now = await unit.clock.now(customer.accountId);
  const touch = {
    id: unit.newId(),
    kind: 'SALES_REQUESTED',
    at: now,
    by: personOf(viewer),
    ...asked,
  } as const;
  await touchLead(unit, person, touch, customer);
  return { requestedAt: now.toISOString(), errors: [] };
}

function refused(errors: readonly LeadError[]): SalesContactAnswer {
  return { requestedAt: null, errors };
}
