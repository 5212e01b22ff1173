import type { TaxRates } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { answerOnce } from '@fulfillment/kernel/server/idempotency';
import type { TransactionScope } from '@fulfillment/kernel/server/service-definition';
import { query } from '@fulfillment/kernel/server/sql';
import { grantId, putGrant } from '@fulfillment/kernel/server/visibility/grants';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { ProjectionStore, UnitOfWork } from '../service/ports.js';
import { accountToRow } from './account-rows.js';
import { createCatalogStore } from './catalog-store.js';
import { createContactStore } from './contact-store.js';
import { createCheckoutStore, createSimulatedPaymentStore } from './checkout-store.js';
import { accountEntity } from './entities.js';
import { knownDeploymentEntity, knownPartnerEntity, knownSubscriptionEntity } from './known-entities.js';
import type { LeadReceiver } from '../service/leads/ports.js';
import { createLeadStore } from './lead-store.js';
import { createOfferStore } from './offer-store.js';
import { createOrderFactsStore } from './order-facts-store.js';
import { createOrderStore } from './order-store.js';
import { createQuoteStore } from './quote-store.js';

/** What a unit of work gets from the edge. */
interface Edge {
  /** Makes a random UUID. */
  readonly newId: () => string;
  readonly taxRates: TaxRates;
  readonly leadReceiver: Pick<LeadReceiver, 'name'>;
}

/** The stores and events of one transaction. */
export function createUnitOfWork(
  { manager, events, clock, testClocks, lastWrites }: TransactionScope,
  { newId, taxRates, leadReceiver }: Edge,
): UnitOfWork {
  return {
    facts: createOrderFactsStore(manager),
    orders: createOrderStore(manager),
    quotes: createQuoteStore(manager),
    checkouts: createCheckoutStore(manager),
    simulatedPayments: createSimulatedPaymentStore(manager),
    offers: createOfferStore(manager),
    leads: createLeadStore(manager),
    leadReceiver,
    accounts: {
      async add(account) {
        await manager.insert(accountEntity, accountToRow(account));
      },
    },
    contacts: createContactStore(manager),
    catalog: createCatalogStore(manager),
    grants: {
      async put(grant) {
        await putGrant(manager, grant);
        return grantId(grant);
      },
    },
    projections: createProjectionStore(manager),
    events,
    clock,
    testClocks,
    taxRates,
    newId,
    lockOrdered: (ids) => lockOrdered(manager, ids),
    answerOnce: (call, work) => answerOnce({ manager, lastWrites }, call, work),
  };
}

function createProjectionStore(manager: EntityManager): ProjectionStore {
  return {
    async putPartner(partner) {
      await manager.upsert(knownPartnerEntity, partner, ['id']);
    },
    async putSubscription(subscription) {
      await manager.upsert(knownSubscriptionEntity, subscription, ['id']);
    },
    async putDeployment(deployment) {
      await manager.upsert(knownDeploymentEntity, deployment, ['id']);
    },
  };
}

/** Any constant: it keeps these locks apart from others of two numbers. */
export const orderLocks = 7_263_552;

/** One after the other and always in the same order, so that two orders never wait for each other. */
async function lockOrdered(manager: EntityManager, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await query(
    manager,
    sql`SELECT pg_advisory_xact_lock(${orderLocks}, named.lock)
        FROM (SELECT DISTINCT hashtext(id) AS lock FROM unnest(${[...ids]}::text[]) AS id ORDER BY 1) AS named`,
  );
}
