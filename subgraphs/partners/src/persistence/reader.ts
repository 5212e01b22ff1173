import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { EntityManager } from 'typeorm';
import { createCommissionReader } from './commission-reader.js';
import { createCustomerReader } from './customer-reader.js';
import { createPartnerReader } from './partner-reader.js';
import { sightOf } from './visibility.js';

/** Everything that a viewer can read of this service at an instant; what it may not see is not there. */
export function createReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const sight = sightOf(viewer, now);
  return {
    ...createPartnerReader(manager, sight),
    ...createCustomerReader(manager, sight),
    ...createCommissionReader(manager, sight),
  };
}
