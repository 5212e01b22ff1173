import { selectConnections, type Connection } from '@fulfillment/kernel/server/connection';
import { parsePage, type PageArguments } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import sql, { raw, type Sql } from 'sql-template-tag';
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
  const pages = (
    parent: 'c.partner_id' | 'c.order_id',
    ids: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<Commission>>> =>
    selectConnections<CommissionRow, Commission>(manager, {
      select: sql`SELECT ${commissionColumns}, ${raw(parent)}::text AS parent FROM commission AS c
                  WHERE ${isOneOf(parent, ids)} AND ${sight.commission}`,
      parents: ids,
      sort: { name: 'earnedAt', column: '"earnedAt"', type: 'timestamptz', descending: true },
      page: parsePage(page, 'earnedAt'),
      fromRow: commissionFromRow,
    });

  return {
    /** In no order; those that the viewer does not see are missing. */
    commissionsById: (ids: readonly string[]): Promise<Commission[]> =>
      select(sql`SELECT ${commissionColumns} FROM commission AS c
                 WHERE ${isOneOf('c.id', ids)} AND ${sight.commission}`),

    /** One page of each partner's commissions, the newest first; partners without any are missing. */
    commissionsOf: (partnerIds: readonly string[], page: PageArguments) =>
      pages('c.partner_id', partnerIds, page),

    /** One page of the commissions on what each order's documents charge, the newest first; orders without any are missing. */
    commissionsOfOrders: (orderIds: readonly string[], page: PageArguments) =>
      pages('c.order_id', orderIds, page),
  };
}
