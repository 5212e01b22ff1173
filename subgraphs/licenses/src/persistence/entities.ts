import { EntitySchema } from 'typeorm';
import { addOnSeatEntities } from './add-on-seat-entities.js';
import { seatEntities } from './seat-entities.js';
import { activationCodeEntity, instanceEntity } from './activation-entities.js';
import { usageReportEntity } from './usage-report-entity.js';
import {
  contactEntity,
  knownAddressEntity,
  knownPartnerEntity,
  licenseDeliveryEntity,
  usageNoticeEntity,
} from './delivery-entities.js';
import {
  allowanceReadingEntity,
  allowanceThresholdEntity,
  entitlementGrantEntity,
  graceEndEntity,
} from './entitlement-entities.js';
import { licenseFileEntity, signingKeyEntity } from './signing-entities.js';

export interface DeploymentRow {
  id: string;
  version: number;
  kind: string;
  externalId: string;
  name: string;
  accountId: string;
  registeredAt: Date;
}

export const deploymentEntity = new EntitySchema<DeploymentRow>({
  name: 'Deployment',
  tableName: 'deployment',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'integer' },
    kind: { type: 'text' },
    externalId: { type: 'text', name: 'external_id' },
    name: { type: 'text' },
    accountId: { type: 'uuid', name: 'account_id' },
    registeredAt: { type: 'timestamptz', name: 'registered_at' },
  },
  indices: [{ name: 'deployment_account', columns: ['accountId'] }],
});

/** Every other table of a deployment refers to it by a key of this name. */
function ofDeployment(name: string) {
  return { name, target: 'Deployment', columnNames: ['deploymentId'], referencedColumnNames: ['id'] };
}

export interface DeploymentMoveRow {
  deploymentId: string;
  accountId: string;
  until: Date;
}

/** Until when another account had a deployment: what happened to it before is that account's. */
export const deploymentMoveEntity = new EntitySchema<DeploymentMoveRow>({
  name: 'DeploymentMove',
  tableName: 'deployment_move',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    until: { type: 'timestamptz', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
  },
  foreignKeys: [ofDeployment('deployment_move_deployment')],
});

export interface BillingSubscriptionRow {
  id: string;
  version: number;
  accountId: string;
  deploymentId: string;
  cause: string;
  trial: boolean;
  startsOn: string;
  endsOn: string;
  holdsFrom: Date;
  heldSince: string | null;
  suspendedOn: string | null;
  suspendedFrom: Date | null;
  items: object;
  boughtOnce: object;
  recordedAt: Date;
  /** Who pays and who sells. All null in a row of before they were kept, until its next snapshot. */
  invoiceOwnerAccountId: string | null;
  partnerOfRecordId: string | null;
  distributorId: string | null;
}

/** The newest snapshot of each subscription: what licenses needs of it. */
export const billingSubscriptionEntity = new EntitySchema<BillingSubscriptionRow>({
  name: 'BillingSubscription',
  tableName: 'billing_subscription',
  columns: {
    id: { type: 'uuid', primary: true },
    version: { type: 'integer' },
    accountId: { type: 'uuid', name: 'account_id' },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    cause: { type: 'text' },
    trial: { type: 'boolean' },
    startsOn: { type: 'date', name: 'starts_on' },
    endsOn: { type: 'date', name: 'ends_on' },
    holdsFrom: { type: 'timestamptz', name: 'holds_from' },
    heldSince: { type: 'date', name: 'held_since', nullable: true },
    suspendedOn: { type: 'date', name: 'suspended_on', nullable: true },
    suspendedFrom: { type: 'timestamptz', name: 'suspended_from', nullable: true },
    items: { type: 'jsonb' },
    boughtOnce: { type: 'jsonb', name: 'bought_once' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at' },
    invoiceOwnerAccountId: { type: 'uuid', name: 'invoice_owner_account_id', nullable: true },
    partnerOfRecordId: { type: 'uuid', name: 'partner_of_record_id', nullable: true },
    distributorId: { type: 'uuid', name: 'distributor_id', nullable: true },
  },
  indices: [
    { name: 'billing_subscription_by_deployment', columns: ['deploymentId'] },
    { name: 'billing_subscription_by_account', columns: ['accountId'] },
  ],
  foreignKeys: [ofDeployment('billing_subscription_deployment')],
});

export interface ProductRow {
  code: string;
  version: number;
  name: string;
  features: object;
  recordedAt: Date;
}

/** The newest snapshot of each product: what it unlocks. */
export const productEntity = new EntitySchema<ProductRow>({
  name: 'Product',
  tableName: 'product',
  columns: {
    code: { type: 'text', primary: true },
    version: { type: 'integer' },
    name: { type: 'text' },
    features: { type: 'jsonb' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at' },
  },
});

export interface FeatureUsageRow {
  deploymentId: string;
  featureKey: string;
  used: number;
  observedAt: Date;
  /** Counts what is told of it, from 1. */
  version: number;
}

/** A row as JSON that a statement gives: instants are ISO text there. */
export type FeatureUsageJson = Pick<FeatureUsageRow, 'featureKey' | 'used'> & { readonly observedAt: string };

/** How many of a feature with a limit are in use, by the newest observation. */
export const featureUsageEntity = new EntitySchema<FeatureUsageRow>({
  name: 'FeatureUsage',
  tableName: 'feature_usage',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    featureKey: { type: 'text', name: 'feature_key', primary: true },
    used: { type: 'integer' },
    observedAt: { type: 'timestamptz', name: 'observed_at' },
    version: { type: 'integer', default: 1 },
  },
  foreignKeys: [ofDeployment('feature_usage_deployment')],
  checks: [{ name: 'feature_usage_not_negative', expression: '"used" >= 0' }],
});

export interface LicenseRow {
  id: string;
  subscriptionId: string;
  subscriptionVersion: number;
  deploymentId: string;
  accountId: string;
  planCode: string;
  seats: number;
  startsOn: string;
  endsOn: string;
  issuedAt: Date;
  cause: string;
  replacedById: string | null;
  nextIssueOn: string | null;
}

export const licenseEntity = new EntitySchema<LicenseRow>({
  name: 'License',
  tableName: 'license',
  columns: {
    id: { type: 'uuid', primary: true },
    subscriptionId: { type: 'uuid', name: 'subscription_id' },
    subscriptionVersion: { type: 'integer', name: 'subscription_version' },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    accountId: { type: 'uuid', name: 'account_id' },
    planCode: { type: 'text', name: 'plan_code' },
    seats: { type: 'integer' },
    startsOn: { type: 'date', name: 'starts_on' },
    endsOn: { type: 'date', name: 'ends_on' },
    issuedAt: { type: 'timestamptz', name: 'issued_at' },
    cause: { type: 'text' },
    replacedById: { type: 'uuid', name: 'replaced_by_id', nullable: true },
    nextIssueOn: { type: 'date', name: 'next_issue_on', nullable: true },
  },
  indices: [
    {
      name: 'license_subscription_year',
      columns: ['subscriptionId', 'subscriptionVersion', 'startsOn'],
      unique: true,
    },
    { name: 'license_next_issue', columns: ['nextIssueOn'], where: 'next_issue_on IS NOT NULL' },
    { name: 'license_by_deployment', columns: ['deploymentId'] },
  ],
  foreignKeys: [
    ofDeployment('license_deployment'),
    {
      name: 'license_replaced_by',
      target: 'License',
      columnNames: ['replacedById'],
      referencedColumnNames: ['id'],
    },
  ],
});

export interface FulfillmentStepRow {
  id: string;
  orderId: string;
  subscriptionId: string | null;
  kind: string;
  status: string;
  at: Date;
  reason: string | null;
}

/** The steps of orders that were told: each is told once for each subscription. */
export const fulfillmentStepEntity = new EntitySchema<FulfillmentStepRow>({
  name: 'FulfillmentStep',
  tableName: 'fulfillment_step',
  columns: {
    id: { type: 'uuid', primary: true },
    orderId: { type: 'uuid', name: 'order_id' },
    subscriptionId: { type: 'uuid', name: 'subscription_id', nullable: true },
    kind: { type: 'text' },
    status: { type: 'text' },
    at: { type: 'timestamptz' },
    reason: { type: 'text', nullable: true },
  },
});

/** Every table that is licenses' own. */
export const licensesEntities = [
  deploymentEntity,
  deploymentMoveEntity,
  billingSubscriptionEntity,
  productEntity,
  ...seatEntities,
  ...addOnSeatEntities,
  featureUsageEntity,
  licenseEntity,
  fulfillmentStepEntity,
  signingKeyEntity,
  licenseFileEntity,
  contactEntity,
  knownAddressEntity,
  knownPartnerEntity,
  licenseDeliveryEntity,
  usageNoticeEntity,
  activationCodeEntity,
  instanceEntity,
  usageReportEntity,
  allowanceReadingEntity,
  allowanceThresholdEntity,
  entitlementGrantEntity,
  graceEndEntity,
] as EntitySchema[];
