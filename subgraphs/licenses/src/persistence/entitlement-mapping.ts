import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { PayloadOf } from '@fulfillment/kernel/server/messaging/outbox';
import { raw } from 'sql-template-tag';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import type { FeatureKind } from '../domain/entitlements/features/index.js';
import type { AllowanceReading } from '../domain/usage.js';
import type { AllowanceReadingRow, EntitlementGrantRow } from './entitlement-entities.js';

/** In JSON, instants are ISO text. */
type Json<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? string | Exclude<Row[Column], Date> : Row[Column];
};

export type AllowanceReadingJson = Json<Omit<AllowanceReadingRow, 'deploymentId'>>;
export type EntitlementGrantJson = Json<EntitlementGrantRow>;

export function readingFromJson(json: AllowanceReadingJson): AllowanceReading {
  const { featureKey, source, month, total, quota } = json;
  return {
    featureKey,
    source,
    month: localDate(month),
    from: new Date(json.partFrom),
    measuredAt: new Date(json.measuredAt),
    total,
    quota,
  };
}

export function readingToRow(deploymentId: string, reading: AllowanceReading): AllowanceReadingRow {
  const { from, ...rest } = reading;
  return { deploymentId, partFrom: from, ...rest };
}

/** An `entitlement_grant AS g` as JSON. */
export const grantJson = raw(
  "jsonb_build_object('id', g.id, 'accountId', g.account_id, 'deploymentId', g.deployment_id, 'mode', g.mode, " +
    "'featureKey', g.feature_key, 'featureName', g.feature_name, 'featureKind', g.feature_kind, 'enabled', g.enabled, " +
    "'quantity', g.quantity, 'priority', g.priority, 'rolloverCap', g.rollover_cap, 'holdsFrom', g.holds_from, " +
    "'holdsUntil', g.holds_until, 'reason', g.reason, 'grantedBy', g.granted_by, 'grantedAt', g.granted_at, " +
    "'revokedAt', g.revoked_at, 'revokedBy', g.revoked_by, 'revocationReason', g.revocation_reason)",
);

export function grantFromJson(json: EntitlementGrantJson): EntitlementGrant {
  const {
    accountId,
    deploymentId,
    holdsFrom,
    holdsUntil,
    grantedAt,
    revokedAt,
    revokedBy,
    revocationReason,
    ...row
  } = json;
  if (accountId === null && deploymentId === null) throw new Error(`The grant ${row.id} is for nobody`);
  return {
    ...row,
    subject:
      deploymentId === null
        ? { kind: 'ACCOUNT', accountId: accountId ?? '' }
        : { kind: 'DEPLOYMENT', deploymentId },
    mode: row.mode as EntitlementGrant['mode'],
    featureKind: row.featureKind as FeatureKind,
    from: new Date(holdsFrom),
    until: holdsUntil === null ? null : new Date(holdsUntil),
    grantedAt: new Date(grantedAt),
    revocation:
      revokedAt === null
        ? null
        : { at: new Date(revokedAt), by: revokedBy ?? '', reason: revocationReason ?? '' },
  };
}

export function grantToRow(grant: EntitlementGrant): EntitlementGrantRow {
  const { subject, from, until, revocation, ...rest } = grant;
  return {
    ...rest,
    accountId: subject.kind === 'ACCOUNT' ? subject.accountId : null,
    deploymentId: subject.kind === 'DEPLOYMENT' ? subject.deploymentId : null,
    holdsFrom: from,
    holdsUntil: until,
    revokedAt: revocation?.at ?? null,
    revokedBy: revocation?.by ?? null,
    revocationReason: revocation?.reason ?? null,
  };
}

/** It is told when it is given, and again when it is revoked. */
export function grantVersion({ revocation }: EntitlementGrant): number {
  return revocation === null ? 1 : 2;
}

/** What is told of a grant or an override. */
export function toGrantPayload(grant: EntitlementGrant): PayloadOf<'licenses.entitlement-grant'> {
  const { id, subject, mode, featureKey, from, until, revocation } = grant;
  return {
    id,
    mode,
    deploymentId: subject.kind === 'DEPLOYMENT' ? subject.deploymentId : null,
    accountId: subject.kind === 'ACCOUNT' ? subject.accountId : null,
    featureKey,
    from: from.toISOString(),
    until: until?.toISOString() ?? null,
    revokedAt: revocation?.at.toISOString() ?? null,
  };
}
