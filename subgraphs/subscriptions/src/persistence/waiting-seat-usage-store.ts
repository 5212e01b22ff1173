import { localDate } from '@fulfillment/kernel/domain/calendar';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { DueScope } from '../service/due-work-ports.js';
import type { WaitingSeatUsages } from '../service/reconciliation-ports.js';
import { lockedAs } from './due-rows.js';
import type { WaitingSeatUsageRow } from './reconciliation-entities.js';
import { notSetAside } from './set-aside-rows.js';

/** What licenses told before any version of the term is known, within one transaction. */
export function createWaitingSeatUsageStore(manager: EntityManager): WaitingSeatUsages {
  return {
    async putWaiting({ subscriptionId, termStart, sequence, payload }) {
      await query(
        manager,
        sql`INSERT INTO waiting_seat_usage AS known (subscription_id, term_start, sequence, payload)
            VALUES (${subscriptionId}, ${termStart}, ${sequence}, ${JSON.stringify(payload)})
            ON CONFLICT (subscription_id, term_start) DO UPDATE SET
              sequence = excluded.sequence, payload = excluded.payload
            WHERE known.sequence < excluded.sequence`,
      );
    },

    async takeWaiting(scope) {
      const rows = await query<WaitingSeatUsageRow>(
        manager,
        sql`WITH known AS MATERIALIZED (${waiting(scope)}), taken AS (
              DELETE FROM waiting_seat_usage AS w USING known
              WHERE (w.subscription_id, w.term_start) = (known.subscription_id, known.term_start)
              RETURNING w.*
            )
            SELECT * FROM taken`,
      );
      return rows.map(({ subscription_id, term_start, sequence, payload }) => {
        return { subscriptionId: subscription_id, termStart: localDate(term_start), sequence, payload };
      });
    },

    async lockWaitingIds(limit) {
      const rows = await query<Pick<WaitingSeatUsageRow, 'subscription_id'>>(
        manager,
        waiting({ kind: 'EVERYBODY', limit }),
      );
      return [...new Set(rows.map((row) => row.subscription_id))];
    },
  };
}

/** The keys of what has no more to wait for, locked. */
function waiting(scope: Exclude<DueScope, { kind: 'ACCOUNT' }>): Sql {
  const inScope =
    scope.kind === 'EVERYBODY'
      ? notSetAside('SEAT_USAGE', sql`w.subscription_id`)
      : sql`w.subscription_id = ${scope.id}`;
  return sql`SELECT w.subscription_id, w.term_start FROM waiting_seat_usage AS w
    WHERE ${inScope} AND EXISTS (
      SELECT FROM billing_subscription_version AS v
      WHERE v.subscription_id = w.subscription_id AND v.term_start = w.term_start)
    ORDER BY w.subscription_id, w.term_start ${lockedAs(scope, { alias: sql`w` })}`;
}
