import { EntitySchema } from 'typeorm';
import type { KnownDeployment, KnownPartner, KnownSubscription } from '../service/known.js';

/** A subscription with its agreement as JSON. */
export type KnownSubscriptionRow = Omit<KnownSubscription, 'agreement'> & { readonly agreement: object };

/** The newest that partners, subscriptions and licenses have told: projections, rebuilt from their snapshots. */

export const knownPartnerEntity = new EntitySchema<KnownPartner>({
  name: 'KnownPartner',
  tableName: 'known_partner',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    kind: { type: 'text' },
    accountId: { type: 'uuid', name: 'account_id' },
    distributorId: { type: 'uuid', name: 'distributor_id', nullable: true },
  },
});

export const knownSubscriptionEntity = new EntitySchema<KnownSubscriptionRow>({
  name: 'KnownSubscription',
  tableName: 'known_subscription',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
    invoiceOwnerAccountId: { type: 'uuid', name: 'invoice_owner_account_id' },
    partnerOfRecordId: { type: 'uuid', name: 'partner_of_record_id', nullable: true },
    distributorId: { type: 'uuid', name: 'distributor_id', nullable: true },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    deploymentKind: { type: 'text', name: 'deployment_kind' },
    billingTimeZone: { type: 'text', name: 'billing_time_zone' },
    version: { type: 'integer' },
    effectiveOn: { type: 'date', name: 'effective_on' },
    agreement: { type: 'jsonb' },
  },
  indices: [
    { name: 'known_subscription_by_account', columns: ['accountId'] },
    { name: 'known_subscription_by_deployment', columns: ['deploymentId'] },
  ],
});

export const knownDeploymentEntity = new EntitySchema<KnownDeployment>({
  name: 'KnownDeployment',
  tableName: 'known_deployment',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
    kind: { type: 'text' },
    externalId: { type: 'text', name: 'external_id' },
    name: { type: 'text' },
  },
});
