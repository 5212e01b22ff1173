import { EntitySchema } from 'typeorm';

export interface AllowanceReadingRow {
  deploymentId: string;
  featureKey: string;
  source: string;
  partFrom: Date;
  month: string;
  measuredAt: Date;
  total: number;
  quota: number | null;
}

/** What meters have counted of allowances: the last reading of each in each part of a month. */
export const allowanceReadingEntity = new EntitySchema<AllowanceReadingRow>({
  name: 'AllowanceReading',
  tableName: 'allowance_reading',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    featureKey: { type: 'text', name: 'feature_key', primary: true },
    source: { type: 'text', primary: true },
    partFrom: { type: 'timestamptz', name: 'part_from', primary: true },
    month: { type: 'date' },
    measuredAt: { type: 'timestamptz', name: 'measured_at' },
    total: { type: 'bigint' },
    quota: { type: 'bigint', nullable: true },
  },
  foreignKeys: [
    {
      name: 'allowance_reading_deployment',
      target: 'Deployment',
      columnNames: ['deploymentId'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [{ name: 'allowance_reading_not_negative', expression: '"total" >= 0 AND "quota" >= 0' }],
});

export interface AllowanceThresholdRow {
  deploymentId: string;
  featureKey: string;
  month: string;
  percent: number;
}

/** Which thresholds were told, so that each is told once a month. */
export const allowanceThresholdEntity = new EntitySchema<AllowanceThresholdRow>({
  name: 'AllowanceThreshold',
  tableName: 'allowance_threshold',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    featureKey: { type: 'text', name: 'feature_key', primary: true },
    month: { type: 'date', primary: true },
    percent: { type: 'smallint', primary: true },
  },
  foreignKeys: [
    {
      name: 'allowance_threshold_deployment',
      target: 'Deployment',
      columnNames: ['deploymentId'],
      referencedColumnNames: ['id'],
    },
  ],
});

export interface GraceEndRow {
  subscriptionId: string;
  accountId: string;
  endsAt: Date;
  toldAt: Date | null;
}

/** When the days of grace after each subscription are over, and whether that was told. */
export const graceEndEntity = new EntitySchema<GraceEndRow>({
  name: 'GraceEnd',
  tableName: 'grace_end',
  columns: {
    subscriptionId: { type: 'uuid', name: 'subscription_id', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
    endsAt: { type: 'timestamptz', name: 'ends_at' },
    toldAt: { type: 'timestamptz', name: 'told_at', nullable: true },
  },
  indices: [
    { name: 'grace_end_untold', columns: ['endsAt'], where: 'told_at IS NULL' },
    { name: 'grace_end_by_account', columns: ['accountId'], where: 'told_at IS NULL' },
  ],
});

export interface EntitlementGrantRow {
  id: string;
  accountId: string | null;
  deploymentId: string | null;
  mode: string;
  featureKey: string;
  featureName: string;
  featureKind: string;
  enabled: boolean;
  quantity: number | null;
  priority: number;
  rolloverCap: number | null;
  holdsFrom: Date;
  holdsUntil: Date | null;
  reason: string;
  grantedBy: string;
  grantedAt: Date;
  revokedAt: Date | null;
  revokedBy: string | null;
  revocationReason: string | null;
}

/** What persons gave to deployments and accounts, and the overrides that they set; never removed, so that it is known who did what. */
export const entitlementGrantEntity = new EntitySchema<EntitlementGrantRow>({
  name: 'EntitlementGrant',
  tableName: 'entitlement_grant',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { type: 'uuid', name: 'account_id', nullable: true },
    deploymentId: { type: 'uuid', name: 'deployment_id', nullable: true },
    mode: { type: 'text' },
    featureKey: { type: 'text', name: 'feature_key' },
    featureName: { type: 'text', name: 'feature_name' },
    featureKind: { type: 'text', name: 'feature_kind' },
    enabled: { type: 'boolean' },
    quantity: { type: 'bigint', nullable: true },
    priority: { type: 'integer' },
    rolloverCap: { type: 'bigint', name: 'rollover_cap', nullable: true },
    holdsFrom: { type: 'timestamptz', name: 'holds_from' },
    holdsUntil: { type: 'timestamptz', name: 'holds_until', nullable: true },
    reason: { type: 'text' },
    grantedBy: { type: 'text', name: 'granted_by' },
    grantedAt: { type: 'timestamptz', name: 'granted_at' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    revokedBy: { type: 'text', name: 'revoked_by', nullable: true },
    revocationReason: { type: 'text', name: 'revocation_reason', nullable: true },
  },
  indices: [
    { name: 'entitlement_grant_by_account', columns: ['accountId'] },
    { name: 'entitlement_grant_by_deployment', columns: ['deploymentId'] },
  ],
  foreignKeys: [
    {
      name: 'entitlement_grant_deployment',
      target: 'Deployment',
      columnNames: ['deploymentId'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [
    { name: 'entitlement_grant_subject', expression: '("account_id" IS NULL) <> ("deployment_id" IS NULL)' },
    { name: 'entitlement_grant_not_negative', expression: '"quantity" >= 0 AND "rollover_cap" >= 0' },
  ],
});
