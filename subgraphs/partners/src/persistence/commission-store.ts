import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { commissionPayload } from '../service/event-payloads.js';
import type { CommissionStore } from '../service/unit-of-work.js';
import { commissionColumns } from './columns.js';
import { commissionEntity, type CommissionRow } from './entities.js';
import { commissionFromRow, commissionToRow } from './rows.js';

export function createCommissionStore(manager: EntityManager, events: EventAppender): CommissionStore {
  return {
    async onInvoices(partnerId, invoiceIds) {
      if (invoiceIds.length === 0) return [];
      const rows = await query<CommissionRow>(
        manager,
        sql`SELECT ${commissionColumns} FROM commission AS c
            WHERE c.partner_id = ${partnerId}
              AND (c.invoice_id = ANY(${invoiceIds}::uuid[]) OR c.reverses_invoice_id = ANY(${invoiceIds}::uuid[]))`,
      );
      return rows.map(commissionFromRow);
    },
    async add(commissions) {
      if (commissions.length === 0) return;
      const { raw } = await manager
        .createQueryBuilder()
        .insert()
        .into(commissionEntity)
        .values(commissions.map(commissionToRow))
        .orIgnore()
        .returning('id')
        .execute();
      const added = new Set((raw as { id: string }[]).map(({ id }) => id));
      await Promise.all(
        commissions
          .filter(({ id }) => added.has(id))
          .map((commission) =>
            events.append('partners.commission-earned', {
              aggregateId: commission.partnerId,
              occurredAt: commission.earnedAt,
              payload: commissionPayload(commission),
            }),
          ),
      );
    },
  };
}
