import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  type Connection,
  selectConnection,
  selectConnections,
  type SortOrder,
} from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { asSeenBy, type VisibleOrder } from '../domain/order/discretion.js';
import type { OrderConditions } from '../service/conditions.js';
import { orderFromRow, type OrderRecord } from './order-rows.js';
import { orderDetails } from './order-store.js';
import { orderVisible, partnerVisible } from './visibility.js';

const sorts = {
  PLACED_AT: { name: 'PLACED_AT', column: 'placed_at', type: 'timestamptz' },
  PLACED_AT_DESC: { name: 'PLACED_AT_DESC', column: 'placed_at', type: 'timestamptz', descending: true },
} as const satisfies Record<string, SortOrder>;

type Sort = keyof typeof sorts;
type Orders = Connection<VisibleOrder>;

/** What a request reads of orders, as its viewer may see it at `now`. */
export function createOrderReads(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = orderVisible(viewer, now);
  const fromRow = (row: OrderRecord) => asSeenBy(viewer, orderFromRow(row));
  const list = (select: Sql, page: PageArguments, sort: Sort) => ({
    select,
    details: orderDetails('page'),
    sort: sorts[sort],
    page: parsePage(page, sort),
    fromRow,
  });

  return {
    async orders(ids: readonly string[]): Promise<VisibleOrder[]> {
      const rows = await query<OrderRecord>(
        manager,
        sql`SELECT o.*, ${orderDetails('o')} FROM orders AS o WHERE o.id = ANY(${ids}::uuid[]) AND ${visible}`,
      );
      return rows.map(fromRow);
    },

    orderList(page: PageArguments, sort: Sort, conditions: OrderConditions): Promise<Orders> {
      const select = sql`
        SELECT o.*, '' AS parent FROM orders AS o WHERE ${allOf([visible, ...toSql(conditions)])}`;
      return selectConnection(manager, list(select, page, sort));
    },

    ordersOfAccounts(accountIds: readonly string[], page: PageArguments): Promise<Map<string, Orders>> {
      const select = sql`
        SELECT o.*, o.account_id::text AS parent FROM orders AS o
        WHERE ${isOneOf('o.account_id', accountIds)} AND ${visible}`;
      return selectConnections(manager, { ...list(select, page, 'PLACED_AT_DESC'), parents: accountIds });
    },

    ordersOfPartners(
      partnerIds: readonly string[],
      page: PageArguments,
      conditions: OrderConditions,
    ): Promise<Map<string, Orders>> {
      const select = sql`
        SELECT o.*, seller.id::text AS parent
        FROM unnest(${partnerIds}::uuid[]) AS seller (id)
        JOIN orders AS o ON o.partner_id = seller.id OR o.distributor_id = seller.id
        WHERE ${allOf([visible, ...toSql(conditions)])}`;
      return selectConnections(manager, { ...list(select, page, 'PLACED_AT_DESC'), parents: partnerIds });
    },

    async partners(ids: readonly string[]): Promise<{ readonly id: string }[]> {
      return query<{ id: string }>(
        manager,
        sql`SELECT p.id FROM known_partner AS p
            WHERE p.id = ANY(${ids}::uuid[]) AND ${partnerVisible(viewer, now)}`,
      );
    },
  };
}

function toSql(conditions: OrderConditions): Sql[] {
  const { status, accountId, partnerId, purchaseOrderNumber, placedFrom, placedBefore } = conditions;
  return [
    ...(status == null ? [] : [sql`o.status = ${status}`]),
    ...(accountId == null ? [] : [sql`o.account_id = ${accountId}`]),
    ...(partnerId == null ? [] : [sql`(o.partner_id = ${partnerId} OR o.distributor_id = ${partnerId})`]),
    ...(purchaseOrderNumber == null ? [] : [sql`o.purchase_order_number = ${purchaseOrderNumber}`]),
    ...(placedFrom == null ? [] : [sql`o.placed_at >= ${placedFrom}`]),
    ...(placedBefore == null ? [] : [sql`o.placed_at < ${placedBefore}`]),
  ];
}
