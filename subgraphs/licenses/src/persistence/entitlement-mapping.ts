import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { PayloadOf } from '@fulfillment/kernel/server/messaging/outbox';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import type { FeatureKind } from '../domain/entitlements/features/index.js';
import type { AllowanceReading } from '../domain/usage.js';
import type { AllowanceReadingRow, EntitlementGrantRow } from './entitlement-entities.js';

/** In JSON, instants are ISO text. */
type Json<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? string | Exclude<Row[Column], Date> : Row[Column];
};

export type AllowanceReadingJson = Json<Omit<AllowanceReadingRow, 'deploymentId'>>;

/** A row of `entitlement_grant`, as `to_json` gives it. */
export interface EntitlementGrantJson {
  id: string;
  account_id: string | null;
  deployment_id: string | null;
  mode: string;
  feature_key: string;
  feature_name: string;
  feature_kind: string;
  enabled: boolean;
  quantity: number | null;
  priority: number;
  rollover_cap: number | null;
  holds_from: string;
  holds_until: string | null;
  reason: string;
  granted_by: string;
  granted_at: string;
  revoked_at: string | null;
  revoked_by: string | null;
  revocation_reason: string | null;
}

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

export function grantFromJson(json: EntitlementGrantJson): EntitlementGrant {
  const { id, priority, reason, enabled, quantity } = json;
  return {
    id,
    subject: subjectFromJson(json),
    mode: json.mode as EntitlementGrant['mode'],
    featureKey: json.feature_key,
    featureName: json.feature_name,
    featureKind: json.feature_kind as FeatureKind,
    enabled,
    quantity,
    priority,
    rolloverCap: json.rollover_cap,
    from: new Date(json.holds_from),
    until: json.holds_until === null ? null : new Date(json.holds_until),
    reason,
    grantedBy: json.granted_by,
    grantedAt: new Date(json.granted_at),
    revocation:
      json.revoked_at === null
        ? null
        : {
            at: new Date(json.revoked_at),
            by: json.revoked_by ?? '',
            reason: json.revocation_reason ?? '',
          },
  };
}

function subjectFromJson({ id, account_id, deployment_id }: EntitlementGrantJson) {
  if (deployment_id !== null) return { kind: 'DEPLOYMENT', deploymentId: deployment_id } as const;
  if (account_id !== null) return { kind: 'ACCOUNT', accountId: account_id } as const;
  throw new Error(`The grant ${id} is for nobody`);
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
