import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { OrderStore } from '../service/ports.js';
import {
  fulfillmentStepEntity,
  type FulfillmentStepRow,
  orderActionEntity,
  orderEntity,
  orderLineEntity,
} from './order-entities.js';
import { holdsVersions, isOpen, orderFromRow, type OrderRecord, orderToRows } from './order-rows.js';

export function createOrderStore(manager: EntityManager): OrderStore {
  return {
    async nextNumber() {
      const [row] = await query<{ number: string }>(manager, sql`SELECT nextval('order_number') AS number`);
      if (!row) throw new Error('nextval gave no row');
      return BigInt(row.number);
    },

    async add(order) {
      const rows = orderToRows(order);
      await manager.insert(orderEntity, rows.order);
      await manager.insert(orderActionEntity, [...rows.actions]);
      if (rows.lines.length > 0) await manager.insert(orderLineEntity, [...rows.lines]);
    },

    async lock(id) {
      // Locked first: what is read after that no other transaction changes.
      await query(manager, sql`SELECT FROM orders WHERE id = ${id} FOR UPDATE`);
      const [row] = await query<OrderRecord>(
        manager,
        sql`SELECT o.*, ${orderDetails('o')} FROM orders AS o WHERE o.id = ${id}`,
      );
      return row ? orderFromRow(row) : null;
    },

    async saveProgress(order) {
      const { status, refusalReason, version } = order;
      const rows = orderToRows(order);
      await keepSteps(manager, rows.steps);
      await manager.update(orderEntity, { id: order.id }, { status, refusalReason, version });
      const released = holdsVersions(status) ? {} : { holdsVersion: false };
      await manager.update(orderActionEntity, { orderId: order.id }, { open: isOpen(status), ...released });
    },
  };
}

/** What was told stays as it is. */
async function keepSteps(manager: EntityManager, steps: readonly FulfillmentStepRow[]): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(fulfillmentStepEntity)
    .values([...steps])
    .orIgnore()
    .execute();
}

/**
 * The parts of an order as columns, so that an order is one row of one statement.
 * @param order the alias of the row with the order's id, from our own code
 */
export function orderDetails(order: 'o' | 'page'): Sql {
  return raw(`
    (SELECT coalesce(json_agg(json_build_object(
       'id', action.id, 'position', action.position, 'subscriptionId', action.subscription_id,
       'baseVersion', action.base_version, 'details', action.details) ORDER BY action.position), '[]')
     FROM order_action AS action WHERE action.order_id = ${order}.id) AS actions,
    (SELECT coalesce(json_agg(json_build_object(
       'position', line.position, 'actionId', line.action_id, 'subscriptionId', line.subscription_id,
       'productCode', line.product_code, 'productName', line.product_name, 'quantity', line.quantity,
       'unitPrice', line.unit_price, 'pricePeriod', line.price_period, 'serviceStart', line.service_start,
       'serviceEnd', line.service_end, 'prorationRatio', line.proration_ratio,
       'prorationPolicy', line.proration_policy, 'amountMinor', line.amount_minor::text, 'kind', line.kind,
       'taxRate', line.tax_rate, 'taxJurisdiction', line.tax_jurisdiction, 'taxReason', line.tax_reason,
       'taxMinor', line.tax_minor::text)
       ORDER BY line.position), '[]')
     FROM order_line AS line WHERE line.order_id = ${order}.id) AS lines,
    (SELECT coalesce(json_agg(json_build_object(
       'kind', step.kind, 'subscriptionId', step.subscription_id, 'status', step.status, 'at', step.at,
       'reason', step.reason)), '[]')
     FROM fulfillment_step AS step WHERE step.order_id = ${order}.id) AS steps`);
}
