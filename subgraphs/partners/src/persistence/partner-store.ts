import { query } from '@fulfillment/kernel/server/sql';
import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Partner } from '../domain/partner.js';
import { partnerPayload } from '../service/event-payloads.js';
import type { PartnerStore } from '../service/unit-of-work.js';
import { agreementsColumn, partnerColumns } from './columns.js';
import {
  partnerAgreementEntity,
  partnerEntity,
  type PartnerAgreementRow,
  type PartnerRow,
} from './entities.js';
import { agreementToRow, partnerFromRow, partnerToRow } from './rows.js';

export function createPartnerStore(manager: EntityManager, events: EventAppender): PartnerStore {
  const find = (id: string) => findPartner(manager, sql`p.id = ${id}`);
  return {
    find,
    async lockDistribution(id) {
      await query(
        manager,
        sql`SELECT FROM partner WHERE id = (SELECT coalesce(distributor_id, id) FROM partner WHERE id = ${id})
            FOR NO KEY UPDATE`,
      );
      return find(id);
    },
    async add(partner) {
      await manager.insert(partnerEntity, partnerToRow(partner));
      await manager.insert(
        partnerAgreementEntity,
        partner.agreements.map((agreement) => agreementToRow(partner.id, agreement)),
      );
      await events.append('partners.partner', {
        aggregateId: partner.id,
        version: partner.version,
        occurredAt: partner.registeredAt,
        payload: partnerPayload(partner),
      });
    },
  };
}

async function findPartner(manager: EntityManager, condition: Sql): Promise<Partner | null> {
  const [row] = await query<PartnerRow & { agreements: PartnerAgreementRow[] }>(
    manager,
    sql`SELECT ${partnerColumns}, ${agreementsColumn} AS agreements FROM partner AS p WHERE ${condition}`,
  );
  return row ? partnerFromRow(row) : null;
}
