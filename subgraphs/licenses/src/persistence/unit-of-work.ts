import { answerOnce } from '@fulfillment/kernel/server/idempotency';
import type { TransactionScope } from '@fulfillment/kernel/server/service-definition';
import { putGrant } from '@fulfillment/kernel/server/visibility/grants';
import type { UnitOfWork } from '../service/ports.js';
import { createActivationStore } from './activation-store.js';
import { createAllowanceStore } from './allowance-store.js';
import { createAddOnSeatStore } from './add-on-seat-store.js';
import { createAnnouncements } from './announcements.js';
import { createContactStore, createDeliveryStore } from './delivery-store.js';
import { createDeploymentStore } from './deployment-store.js';
import { createEntitlementGrantStore } from './entitlement-grant-store.js';
import { createFeatureUseStore } from './feature-use-store.js';
import { createGraceEndStore } from './grace-end-store.js';
import { createLicenseStore } from './license-store.js';
import { createProductStore } from './product-store.js';
import { createReader } from './reader.js';
import { createSeatStore } from './seat-store.js';
import { createLicenseFileStore } from './license-file-store.js';
import { createSigningKeyStore } from './signing-key-store.js';
import { createSubscriptionStore } from './subscription-store.js';
import { createUsageReportStore } from './usage-report-store.js';
import { createUsageNoticeStore } from './usage-notice-store.js';

/**
 * The stores and announcements of one transaction.
 * @param newId makes a random UUID
 */
export function createUnitOfWork(
  { manager, events, clock, testClocks, lastWrites }: TransactionScope,
  newId: () => string,
): UnitOfWork {
  return {
    deployments: createDeploymentStore(manager),
    subscriptions: createSubscriptionStore(manager),
    licenses: createLicenseStore(manager),
    products: createProductStore(manager),
    grants: { put: (grant) => putGrant(manager, grant) },
    announcements: createAnnouncements(manager, events),
    signingKeys: createSigningKeyStore(manager),
    licenseFiles: createLicenseFileStore(manager),
    usageReports: createUsageReportStore(manager),
    seats: createSeatStore(manager, lastWrites),
    addOnSeats: createAddOnSeatStore(manager, newId),
    activations: createActivationStore(manager, lastWrites),
    contacts: createContactStore(manager),
    deliveries: createDeliveryStore(manager),
    featureUses: createFeatureUseStore(manager),
    usageNotices: createUsageNoticeStore(manager),
    allowances: createAllowanceStore(manager),
    entitlementGrants: createEntitlementGrantStore(manager),
    graceEnds: createGraceEndStore(manager),
    clock,
    testClocks,
    readerFor: (viewer, receivedAt) => createReader(manager, viewer, receivedAt),
    answerOnce: (call, work) => answerOnce({ manager, lastWrites }, call, work),
    newId,
  };
}
