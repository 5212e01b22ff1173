import type { TransactionScope } from '@fulfillment/kernel/server/service-definition';
import type { PartnersUnitOfWork } from '../service/unit-of-work.js';
import { createCommissionStore } from './commission-store.js';
import { createGrantStore } from './grant-store.js';
import { createPartnerStore } from './partner-store.js';
import { createRelationshipStore } from './relationship-store.js';

export function createUnitOfWork({ manager, events }: TransactionScope): PartnersUnitOfWork {
  return {
    partners: createPartnerStore(manager, events),
    relationships: createRelationshipStore(manager),
    commissions: createCommissionStore(manager, events),
    grants: createGrantStore(manager, events),
  };
}
