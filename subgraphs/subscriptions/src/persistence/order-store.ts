import { query } from '@fulfillment/kernel/server/sql';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { OrderOutcomes, WaitingOrders } from '../service/ports.js';
import { waitingOrderEntity } from './entities.js';
import type { WaitingOrderRow } from './rows.js';

/** Orders that came before one of their accounts. */
export function createWaitingOrderStore(manager: EntityManager): WaitingOrders {
  return {
    async keep(order) {
      const row: WaitingOrderRow = {
        order_id: order.id,
        account_id: order.accountId,
        invoice_owner_account_id: order.invoiceOwnerAccountId,
        payload: order,
      };
      await manager.upsert(waitingOrderEntity, row, ['order_id']);
    },
    async lockFor(accountId) {
      // Locked in one order: of two accounts of one order that arrive at once, the second sees the first.
      const rows = await query<{ payload: OrderPayload }>(
        manager,
        sql`SELECT payload FROM waiting_order
            WHERE account_id = ${accountId} OR invoice_owner_account_id = ${accountId}
            ORDER BY order_id FOR UPDATE`,
      );
      return rows.map((row) => row.payload);
    },
    async remove(orderId) {
      await manager.delete(waitingOrderEntity, { order_id: orderId });
    },
  };
}

/** What became of orders. */
export function createOrderOutcomeStore(manager: EntityManager): OrderOutcomes {
  return {
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
