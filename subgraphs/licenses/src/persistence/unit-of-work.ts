import type { TransactionScope } from '@fulfillment/kernel/server/service';
import { putGrant } from '@fulfillment/kernel/server/visibility/grants';
import type { UnitOfWork } from '../service/ports.js';
import { createAnnouncements } from './announcements.js';
import { createDeploymentStore } from './deployment-store.js';
import { createLicenseStore } from './license-store.js';
import { createProductStore } from './product-store.js';
import { createSubscriptionStore } from './subscription-store.js';

/** The stores and announcements of one transaction. */
export function createUnitOfWork({ manager, events, clock, testClocks }: TransactionScope): UnitOfWork {
  return {
    deployments: createDeploymentStore(manager),
    subscriptions: createSubscriptionStore(manager),
    licenses: createLicenseStore(manager),
    products: createProductStore(manager),
    grants: { put: (grant) => putGrant(manager, grant) },
    announcements: createAnnouncements(manager, events),
    clock,
    testClocks,
  };
}
