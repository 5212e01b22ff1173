import { personOf } from '@fulfillment/kernel/domain/viewer';
import { deploymentId, isUuid } from '@fulfillment/kernel/domain/ids';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { grantEnd, type EntitlementGrant } from '../domain/entitlements/grant.js';
import {
  grantAmount,
  overrideAmount,
  type GivenAmount,
  type GivenOverride,
} from '../domain/entitlements/given.js';
import { refusal, type Refusal } from '../domain/refusal.js';
import { textRefusal } from '../domain/text.js';
import type { ListedFeature } from './allowance-ports.js';
import { callOnce, type Asking, type Keyed } from './call-once.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import type { DeploymentReference } from './use-allowance.js';

/** For whom: exactly one of both. */
interface ForWhom {
  readonly deployment: DeploymentReference | null;
  readonly accountId: string | null;
}

interface GiveRequest extends Keyed, ForWhom {
  readonly featureKey: string;
  readonly until: Date | null;
  readonly reason: string;
}

export interface GrantEntitlementRequest extends GiveRequest, GivenAmount {
  readonly from: Date | null;
}

export interface SetEntitlementOverrideRequest extends GiveRequest, GivenOverride {}

export interface RevokeEntitlementGrantRequest extends Keyed {
  readonly grantId: string;
  readonly reason: string;
}

/** The outcome is the grant's id. */
type Outcome = Result<string, Refusal>;

/** Gives more than was bought. */
export function grantEntitlement(
  run: RunTransaction,
  asking: Asking,
  request: GrantEntitlementRequest,
): Promise<Outcome> {
  const keyed = { ...request, from: request.from?.toISOString(), until: request.until?.toISOString() };
  return callOnce(run, asking, 'grantEntitlement', keyed, (unit) =>
    give(unit, asking, request, request.from, 'ADDS', ({ kind }) => grantAmount(kind, request)),
  );
}

/** Says what holds instead of what was bought, from now on. */
export function setEntitlementOverride(
  run: RunTransaction,
  asking: Asking,
  request: SetEntitlementOverrideRequest,
): Promise<Outcome> {
  const keyed = { ...request, until: request.until?.toISOString() };
  return callOnce(run, asking, 'setEntitlementOverride', keyed, (unit) =>
    give(unit, asking, request, null, 'REPLACES', ({ kind }) => overrideAmount(kind, request)),
  );
}

/** Ends a grant or an override at the present instant of its account; it stays on record. */
export function revokeEntitlementGrant(
  run: RunTransaction,
  asking: Asking,
  request: RevokeEntitlementGrantRequest,
): Promise<Outcome> {
  return callOnce(run, asking, 'revokeEntitlementGrant', request, async (unit) => {
    const { grantId, reason } = request;
    const fault = textRefusal(reason, 'reason');
    if (fault !== null) return err(fault);
    const grant = isUuid(grantId) ? await unit.entitlementGrants.hold(grantId.toLowerCase()) : null;
    if (grant === null) return err(refusal('GRANT_NOT_FOUND', ['grantId']));
    if (grant.revocation !== null) return err(refusal('GRANT_REVOKED', ['grantId']));
    const at = await unit.clock.now(await accountOf(unit, asking, grant));
    const end = grantEnd(grant);
    if (end !== null && end <= at) {
      const message = `It has ended by itself on ${end.toISOString()}: there is nothing to revoke.`;
      return err(refusal('GRANT_REVOKED', ['grantId'], message));
    }
    const revocation = { at, by: personOf(asking.viewer), reason };
    await unit.entitlementGrants.revoke(grant.id, revocation);
    await unit.announcements.entitlementGrant({ ...grant, revocation }, at);
    return ok(grant.id);
  });
}

async function give(
  unit: UnitOfWork,
  asking: Asking,
  request: GiveRequest,
  from: Date | null,
  mode: EntitlementGrant['mode'],
  amountOf: (
    feature: ListedFeature,
  ) => Result<Pick<EntitlementGrant, 'enabled' | 'quantity' | 'priority' | 'rolloverCap'>, Refusal>,
): Promise<Outcome> {
  const fault = textRefusal(request.reason, 'reason') ?? textRefusal(request.featureKey, 'featureKey');
  if (fault !== null) return err(fault);
  const forWhom = await subjectOf(unit, asking, request);
  if (!forWhom.ok) return forWhom;
  const feature = await unit.entitlementGrants.listedFeature(request.featureKey);
  if (feature === null) return err(refusal('FEATURE_NOT_FOUND', ['featureKey']));
  const amount = amountOf(feature);
  if (!amount.ok) return amount;
  const at = await unit.clock.now(forWhom.value.accountId);
  const window = windowRefusal(from, request.until, at);
  if (window !== null) return err(window);
  const grant: EntitlementGrant = {
    id: unit.newId(),
    subject: forWhom.value.subject,
    mode,
    featureKey: feature.key,
    featureName: feature.name,
    featureKind: feature.kind,
    ...amount.value,
    from: from ?? at,
    until: request.until,
    reason: request.reason,
    grantedBy: personOf(asking.viewer),
    grantedAt: at,
    revocation: null,
  };
  await unit.entitlementGrants.add(grant);
  await unit.announcements.entitlementGrant(grant, at);
  return ok(grant.id);
}

/** Nothing is given for the past: what was used then was used of what there was. */
function windowRefusal(from: Date | null, until: Date | null, at: Date): Refusal | null {
  if (from !== null && from < at) {
    return refusal('INVALID_VALUE', ['from'], '`from` must not lie in the past; leave it out for now.');
  }
  if (until !== null && until <= (from ?? at)) {
    return refusal(
      'INVALID_VALUE',
      ['until'],
      '`until` must come after the beginning, and not lie in the past.',
    );
  }
  return null;
}

interface FoundSubject {
  readonly subject: EntitlementGrant['subject'];
  readonly accountId: string;
}

async function subjectOf(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  { deployment, accountId }: ForWhom,
): Promise<Result<FoundSubject, Refusal>> {
  if ((deployment === null) === (accountId === null)) {
    const message = 'Give exactly one of `deployment` and `accountId`.';
    return err(refusal('INVALID_VALUE', ['deployment'], message));
  }
  if (deployment !== null) {
    const id = deploymentId(deployment.kind, deployment.externalId);
    const [found] = await unit.readerFor(viewer, receivedAt).deployments([id]);
    if (found === undefined) return err(refusal('DEPLOYMENT_NOT_FOUND', ['deployment']));
    return ok({ subject: { kind: 'DEPLOYMENT', deploymentId: id }, accountId: found.accountId });
  }
  const id = (accountId ?? '').toLowerCase();
  if (!isUuid(id) || !(await unit.entitlementGrants.isKnownAccount(id))) {
    return err(refusal('ACCOUNT_NOT_FOUND', ['accountId']));
  }
  return ok({ subject: { kind: 'ACCOUNT', accountId: id }, accountId: id });
}

async function accountOf(
  unit: UnitOfWork,
  { viewer, receivedAt }: Asking,
  { subject }: EntitlementGrant,
): Promise<string | null> {
  if (subject.kind === 'ACCOUNT') return subject.accountId;
  const [found] = await unit.readerFor(viewer, receivedAt).deployments([subject.deploymentId]);
  return found?.accountId ?? null;
}
