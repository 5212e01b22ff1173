import type { EntityManager } from 'typeorm';
import type { Partner } from '../domain/partner.js';
import type { Partners } from '../service/ports.js';
import { partnerEntity } from './entities.js';
import type { PartnerRow } from './rows.js';

/** The projection of partners, for use cases. */
export function createPartnerStore(manager: EntityManager): Partners {
  return {
    async put(partner) {
      await manager.upsert(partnerEntity, toPartnerRow(partner), ['id']);
    },
  };
}

export function toPartnerRow(partner: Partner): PartnerRow {
  const { id, name, kind, contactEmail, distributorId } = partner;
  return { id, name, kind, contact_email: contactEmail, distributor_id: distributorId };
}
