import { createRateTable } from '@fulfillment/kernel/domain/billing/tax/rate-table';
import type { TransactionScope } from '@fulfillment/kernel/server/service-definition';
import { putGrant } from '@fulfillment/kernel/server/visibility/grants';
import type { UnitOfWork } from '../service/ports.js';
import { createAccountStore } from './account-store.js';
import { createAnnouncements } from './announcements.js';
import {
  createOrderOutcomeStore,
  createScheduledOrderStore,
  createWaitingOrderStore,
} from './order-store.js';
import { createPartnerStore } from './partner-store.js';
import { createReceivablesStores } from './ledger-unit-of-work.js';
import { createSettledStore } from './reconciliation-store.js';
import { createReconciliationTermsStore } from './reconciliation-terms-store.js';
import { createSeatUsageStore } from './seat-usage-store.js';
import { createWaitingSeatUsageStore } from './waiting-seat-usage-store.js';
import { createSetAsideStore } from './set-aside-rows.js';
import { createSubscriptionStore } from './subscription-store.js';
import { createSuspensionStore } from './suspension-store.js';
import { createTestClockTargetStore } from './test-clock-store.js';

/** No tax provider stands behind it: the table of published rates. */
const taxRates = createRateTable();

/** The stores and events of one transaction. */
export function createUnitOfWork(scope: TransactionScope): UnitOfWork {
  const { manager, events, clock, testClocks } = scope;
  return {
    accounts: createAccountStore(manager),
    partners: createPartnerStore(manager),
    subscriptions: createSubscriptionStore(manager),
    waitingOrders: createWaitingOrderStore(manager),
    scheduledOrders: createScheduledOrderStore(manager),
    orderOutcomes: createOrderOutcomeStore(manager),
    grants: { put: (grant) => putGrant(manager, grant) },
    announcements: createAnnouncements(events),
    clock,
    testClocks,
    testClockTargets: createTestClockTargetStore(manager),
    suspensions: createSuspensionStore(manager),
    reconciliations: {
      ...createSeatUsageStore(manager),
      ...createWaitingSeatUsageStore(manager),
      ...createSettledStore(manager),
      ...createReconciliationTermsStore(manager),
    },
    setAside: createSetAsideStore(manager),
    taxRates,
    ...createReceivablesStores(scope),
  };
}
