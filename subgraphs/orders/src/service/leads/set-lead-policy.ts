import { personOf } from '@fulfillment/kernel/domain/viewer';
import { type LeadError, leadError } from '../../domain/lead/errors.js';
import { judgeLeadPolicy, type LeadPolicyInput } from '../../domain/lead/judge-policy.js';
import type { LeadPolicy } from '../../domain/lead/policy.js';
import { callOnce, type Keyed } from '../call-once.js';
import type { Asking } from '../load-facts.js';
import type { RunTransaction, UnitOfWork } from '../ports.js';

export interface SetLeadPolicyRequest extends Keyed, LeadPolicyInput {
  readonly expectedVersion: number;
}

/** The version that holds now, or what is wrong. It is kept with the key, so it is plain JSON. */
export interface SetLeadPolicyAnswer {
  readonly version: number | null;
  readonly errors: readonly LeadError[];
}

/** Replaces how leads are scored and assigned, for what comes in from then on. Earlier policies are kept. */
export async function setLeadPolicy(
  run: RunTransaction,
  asking: Asking,
  request: SetLeadPolicyRequest,
): Promise<SetLeadPolicyAnswer> {
  return callOnce(
    run,
    asking,
    'setLeadPolicy',
    request,
    (unit) => set(unit, asking, request),
    (error) => refused([error]),
  );
}

async function set(
  { leads, clock }: UnitOfWork,
  { viewer }: Asking,
  request: SetLeadPolicyRequest,
): Promise<SetLeadPolicyAnswer> {
  const judged = judgeLeadPolicy(request);
  if (!judged.ok) return refused(judged.error);
  await leads.lockPolicy();
  const present = (await leads.policy())?.version ?? 0;
  if (present !== request.expectedVersion) {
    const message = `The policy has version ${present} by now: read it again.`;
    return refused([leadError('POLICY_CHANGED', ['expectedVersion'], message)]);
  }
  const version = present + 1;
  const changedAt = await clock.now(null);
  await leads.addPolicy({ ...judged.value, version, changedAt, changedBy: personOf(viewer) });
  return { version, errors: [] };
}

/** Stores the policy that an installation begins with, unless one was stored before. */
export async function installLeadPolicy({ leads, clock }: UnitOfWork, policy: LeadPolicy): Promise<void> {
  await leads.lockPolicy();
  if ((await leads.policy()) !== null) return;
  const changedAt = await clock.now(null);
  await leads.addPolicy({ ...policy, version: 1, changedAt, changedBy: 'installation' });
}

function refused(errors: readonly LeadError[]): SetLeadPolicyAnswer {
  return { version: null, errors };
}
