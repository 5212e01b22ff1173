import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { RelationshipStore } from '../service/unit-of-work.js';
import { relationshipColumns } from './columns.js';
import { customerRelationshipEntity, type CustomerRelationshipRow, type PartnerRow } from './entities.js';
import { relationshipFromRow, relationshipToRow } from './rows.js';

type SaleRow = CustomerRelationshipRow & Pick<PartnerRow, 'distributorId' | 'timeZone'>;

export function createRelationshipStore(manager: EntityManager): RelationshipStore {
  return {
    async salesOfDistribution(partner, accountId) {
      const rows = await query<SaleRow>(
        manager,
        sql`SELECT ${relationshipColumns}, p.distributor_id AS "distributorId", p.time_zone AS "timeZone"
            FROM customer_relationship AS r JOIN partner AS p ON p.id = r.partner_id
            WHERE r.account_id = ${accountId}
              AND coalesce(p.distributor_id, p.id) = ${partner.distributorId ?? partner.id}
            ORDER BY r.since, r.id`,
      );
      return rows.map((row) => ({
        partner: { id: row.partnerId, distributorId: row.distributorId, timeZone: row.timeZone },
        relationship: relationshipFromRow(row),
      }));
    },
    async add(relationship) {
      await manager.insert(customerRelationshipEntity, relationshipToRow(relationship));
    },
  };
}
