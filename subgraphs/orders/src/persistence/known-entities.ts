import { EntitySchema } from 'typeorm';
import type { KnownDeployment, KnownPartner, KnownSubscription } from '../service/known.js';

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

export const knownSubscriptionEntity = new EntitySchema<KnownSubscription>({
  name: 'KnownSubscription',
  tableName: 'known_subscription',
  columns: {
    id: { type: 'uuid', primary: true },
    accountId: { type: 'uuid', name: 'account_id' },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    endDate: { type: 'date', name: 'end_date' },
    autoRenewal: { type: 'boolean', name: 'auto_renewal' },
    canceledOn: { type: 'date', name: 'canceled_on', nullable: true },
  },
  indices: [{ name: 'known_subscription_by_deployment', columns: ['deploymentId'] }],
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
