import { derivedId } from '@fulfillment/kernel/domain/ids';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { AddOnOf, AddOnSeatStore, SeatChange } from '../service/add-on-seat-ports.js';

/**
 * Seats of add-ons within one transaction.
 * @param newId makes a random UUID
 */
export function createAddOnSeatStore(manager: EntityManager, newId: () => string): AddOnSeatStore {
  return {
    async hold(addOn) {
      await query(
        manager,
        sql`INSERT INTO add_on_pool (deployment_id, product_code, assigned, version)
            VALUES (${addOn.deploymentId}, ${addOn.productCode}, 0, 0) ON CONFLICT DO NOTHING`,
      );
      return lockPool(manager, addOn);
    },

    holdAssigned: (addOn) => lockPool(manager, addOn),

    async holders(addOn, userIds) {
      const rows = await query<{ user_id: string }>(
        manager,
        sql`SELECT s.user_id FROM add_on_seat AS s WHERE ${ofAddOn(addOn)} AND s.user_id = ANY(${userIds}::text[])`,
      );
      return new Set(rows.map((row) => row.user_id));
    },

    async change(change) {
      await (change.kind === 'ASSIGNED' ? insertSeats(manager, change) : deleteSeats(manager, change));
      await insertChanges(manager, change, newId);
      const { deploymentId, productCode, kind, userIds } = change;
      const by = kind === 'ASSIGNED' ? userIds.length : -userIds.length;
      const [row] = await query<{ assigned: number; version: number }>(
        manager,
        sql`WITH changed AS (
              UPDATE add_on_pool SET assigned = assigned + ${by}, version = version + 1
              WHERE deployment_id = ${deploymentId} AND product_code = ${productCode}
              RETURNING assigned, version)
            SELECT * FROM changed`,
      );
      if (row === undefined) throw new Error('The seats of an add-on are changed while they are held');
      return row;
    },
  };
}

/** Of two who ask for the last seat, the second waits here and then sees what the first has left. */
async function lockPool(manager: EntityManager, { deploymentId, productCode }: AddOnOf): Promise<number> {
  const [row] = await query<{ assigned: number }>(
    manager,
    sql`SELECT p.assigned FROM add_on_pool AS p
        WHERE p.deployment_id = ${deploymentId} AND p.product_code = ${productCode} FOR UPDATE`,
  );
  return row?.assigned ?? 0;
}

function ofAddOn({ deploymentId, productCode }: AddOnOf): Sql {
  return sql`s.deployment_id = ${deploymentId} AND s.product_code = ${productCode}`;
}

async function insertSeats(manager: EntityManager, change: SeatChange): Promise<void> {
  const { deploymentId, productCode, userIds, at, by } = change;
  const ids = userIds.map((userId) => derivedId('add-on-seat', deploymentId, productCode, userId));
  await query(
    manager,
    sql`INSERT INTO add_on_seat (id, deployment_id, product_code, user_id, assigned_at, assigned_by)
        SELECT id, ${deploymentId}::uuid, ${productCode}, user_id, ${at}::timestamptz, ${by}
        FROM unnest(${ids}::uuid[], ${userIds}::text[]) AS given (id, user_id)`,
  );
}

async function deleteSeats(manager: EntityManager, change: SeatChange): Promise<void> {
  await query(
    manager,
    sql`DELETE FROM add_on_seat AS s WHERE ${ofAddOn(change)} AND s.user_id = ANY(${change.userIds}::text[])`,
  );
}

async function insertChanges(
  manager: EntityManager,
  { deploymentId, productCode, userIds, kind, at, by }: SeatChange,
  newId: () => string,
): Promise<void> {
  await query(
    manager,
    sql`INSERT INTO add_on_seat_change (id, deployment_id, product_code, user_id, kind, at, by)
        SELECT id, ${deploymentId}::uuid, ${productCode}, user_id, ${kind}, ${at}::timestamptz, ${by}
        FROM unnest(${userIds.map(() => newId())}::uuid[], ${userIds}::text[]) AS given (id, user_id)`,
  );
}
