import { selectConnections, type Connection } from '@fulfillment/kernel/server/connection';
import { parsePage, type PageArguments } from '@fulfillment/kernel/server/pagination';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Commission } from '../domain/commission.js';
import { commissionColumns } from './columns.js';
import type { CommissionRow } from './entities.js';
import { commissionFromRow } from './rows.js';
import type { Sight } from './visibility.js';

/** Commissions as the viewer sees them. */
export function createCommissionReader(manager: EntityManager, sight: Sight) {
  const select = async (statement: Sql): Promise<Commission[]> =>
    (await query<CommissionRow>(manager, statement)).map(commissionFromRow);

  return {
    /** In no order; those that the viewer does not see are missing. */
    commissionsById: (ids: readonly string[]): Promise<Commission[]> =>
      select(sql`SELECT ${commissionColumns} FROM commission AS c
                 WHERE c.id = ANY(${ids}::uuid[]) AND ${sight.commission}`),

    /** What was earned on the charges of the first document of each order. */
    commissionsByOrder: (orderIds: readonly string[]): Promise<Commission[]> =>
      select(sql`SELECT DISTINCT ON (c.order_id) ${commissionColumns} FROM commission AS c
                 WHERE c.order_id = ANY(${orderIds}::uuid[]) AND c.reverses_invoice_id IS NULL AND ${sight.commission}
                 ORDER BY c.order_id, c.earned_at, c.id`),

    /** One page of each partner's commissions, the newest first; partners without any are missing. */
    commissionsOf(
      partnerIds: readonly string[],
      page: PageArguments,
    ): Promise<Map<string, Connection<Commission>>> {
      return selectConnections<CommissionRow, Commission>(manager, {
        select: sql`SELECT ${commissionColumns}, c.partner_id::text AS parent FROM commission AS c
                    WHERE c.partner_id = ANY(${partnerIds}::uuid[]) AND ${sight.commission}`,
        sort: { name: 'earnedAt', column: '"earnedAt"', type: 'timestamptz', descending: true },
        page: parsePage(page, 'earnedAt'),
        fromRow: commissionFromRow,
      });
    },
  };
}
