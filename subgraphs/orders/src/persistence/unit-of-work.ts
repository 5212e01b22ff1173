import { answerOnce } from '@fulfillment/kernel/server/idempotency';
import type { TransactionScope } from '@fulfillment/kernel/server/service';
import { query } from '@fulfillment/kernel/server/sql';
import { grantId, putGrant } from '@fulfillment/kernel/server/visibility/grants';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { ProjectionStore, UnitOfWork } from '../service/ports.js';
import { createCatalogStore } from './catalog-store.js';
import { knownDeploymentEntity, knownPartnerEntity, knownSubscriptionEntity } from './known-entities.js';
import { createOrderFactsStore } from './order-facts-store.js';
import { createOrderStore } from './order-store.js';

/** The stores and events of one transaction. `newId` makes a random UUID. */
export function createUnitOfWork(
  { manager, events, clock, testClocks }: TransactionScope,
  newId: () => string,
): UnitOfWork {
  return {
    facts: createOrderFactsStore(manager),
    orders: createOrderStore(manager),
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
    newId,
    lockDeployments: (ids) => lockDeployments(manager, ids),
    answerOnce: (call, work) => answerOnce(manager, call, work),
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
export const deploymentLocks = 7_263_552;

/** One after the other and always in the same order, so that two orders never wait for each other. */
async function lockDeployments(manager: EntityManager, ids: readonly string[]): Promise<void> {
  for (const id of [...new Set(ids)].toSorted()) {
    await query(manager, sql`SELECT pg_advisory_xact_lock(${deploymentLocks}, hashtext(${id}))`);
  }
}
