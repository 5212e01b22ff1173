import { query } from '@fulfillment/kernel/server/sql';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { OrderOutcomes, ScheduledOrders, WaitingOrders } from '../service/ports.js';
import { type DueTable, isDue, lockDueIds, lockedAs } from './due-rows.js';
import { scheduledOrderEntity, waitingOrderEntity } from './entities.js';
import type { ScheduledOrderRow, WaitingOrderRow } from './rows.js';

/** Orders that came before one of their accounts. */
export function createWaitingOrderStore(manager: EntityManager): WaitingOrders {
  return {
    async keep(order, accountIds) {
      const row: WaitingOrderRow = { order_id: order.id, account_ids: [...accountIds], payload: order };
      await manager.upsert(waitingOrderEntity, row, ['order_id']);
    },
    async lockFor(accountId) {
      // Locked in one order: of two accounts of one order that arrive at once, the second sees the first.
      const rows = await query<{ payload: OrderPayload }>(
        manager,
        sql`SELECT payload FROM waiting_order WHERE account_ids @> ARRAY[${accountId}::uuid]
            ORDER BY order_id FOR UPDATE`,
      );
      return rows.map((row) => row.payload);
    },
    async remove(orderId) {
      await manager.delete(waitingOrderEntity, { order_id: orderId });
    },
  };
}

const dueOrders: DueTable = {
  kind: 'ORDER',
  name: sql`scheduled_order`,
  alias: sql`o`,
  id: sql`o.order_id`,
  accountId: sql`o.account_id`,
  dueAt: sql`o.due_at`,
  order: sql`o.due_at, o.payload->>'placedAt', o.order_id`,
};

/** Orders that were taken for a later day. */
export function createScheduledOrderStore(manager: EntityManager): ScheduledOrders {
  return {
    async keep(order, dueAt) {
      const row: ScheduledOrderRow = {
        order_id: order.id,
        account_id: order.accountId,
        due_at: dueAt,
        payload: order,
      };
      await manager.upsert(scheduledOrderEntity, row, ['order_id']);
    },
    async lockDue(scope, before) {
      const rows = await query<Pick<ScheduledOrderRow, 'order_id' | 'payload'>>(
        manager,
        sql`SELECT o.order_id, o.payload FROM scheduled_order AS o WHERE ${isDue(scope, before, dueOrders)}
            ORDER BY ${dueOrders.order} ${lockedAs(scope, dueOrders)}`,
      );
      return rows.map((row) => ({ orderId: row.order_id, payload: row.payload }));
    },
    lockDueIds: (before, limit) => lockDueIds(manager, dueOrders, before, limit),
    async remove(orderId) {
      await manager.delete(scheduledOrderEntity, { order_id: orderId });
    },
  };
}

/** What became of orders. */
export function createOrderOutcomeStore(manager: EntityManager): OrderOutcomes {
  return {
    async isDecided(orderId) {
      const rows = await query(manager, sql`SELECT FROM order_outcome WHERE order_id = ${orderId}`);
      return rows.length > 0;
    },
    async record({ orderId, outcome, reason, decidedAt }) {
      const rows = await query(
        manager,
        sql`INSERT INTO order_outcome (order_id, outcome, reason, decided_at)
            VALUES (${orderId}, ${outcome}, ${reason}, ${decidedAt})
            ON CONFLICT DO NOTHING RETURNING order_id`,
      );
      return rows.length > 0;
    },
  };
}
