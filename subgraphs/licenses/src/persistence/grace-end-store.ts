import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { DueGraceEnd, GraceEndStore } from '../service/grace-ports.js';

const dueColumns = raw(
  'g.subscription_id AS "subscriptionId", s.deployment_id AS "deploymentId", g.ends_at AS "endsAt"',
);

function dueOfEverybody(now: Date, limit: number): Sql {
  return sql`
    FROM grace_end AS g JOIN billing_subscription AS s ON s.id = g.subscription_id
    WHERE g.told_at IS NULL AND g.ends_at <= ${now}
      AND NOT EXISTS (SELECT FROM test_clock AS t WHERE t.account_id = g.account_id)
    ORDER BY g.ends_at LIMIT ${limit} FOR UPDATE OF g SKIP LOCKED`;
}

/** When days of grace are over, within one transaction. */
export function createGraceEndStore(manager: EntityManager): GraceEndStore {
  return {
    async put({ subscriptionId, accountId, endsAt }) {
      await query(
        manager,
        sql`INSERT INTO grace_end AS known (subscription_id, account_id, ends_at)
            VALUES (${subscriptionId}, ${accountId}, ${endsAt})
            ON CONFLICT (subscription_id) DO UPDATE SET
              account_id = excluded.account_id, ends_at = excluded.ends_at,
              told_at = CASE WHEN known.ends_at = excluded.ends_at THEN known.told_at END`,
      );
    },

    holdDue: (now, limit) =>
      query<DueGraceEnd>(manager, sql`SELECT ${dueColumns} ${dueOfEverybody(now, limit)}`),

    takeDue: (now, limit) =>
      query<DueGraceEnd>(
        manager,
        sql`WITH due AS (SELECT ${dueColumns} ${dueOfEverybody(now, limit)}),
            taken AS (UPDATE grace_end SET told_at = ${now} FROM due WHERE subscription_id = due."subscriptionId")
            SELECT * FROM due`,
      ),

    async endingAt(subscriptionId, endsAt) {
      const [end] = await query<DueGraceEnd>(
        manager,
        sql`SELECT ${dueColumns} FROM grace_end AS g JOIN billing_subscription AS s ON s.id = g.subscription_id
            WHERE g.subscription_id = ${subscriptionId} AND g.ends_at = ${endsAt} FOR UPDATE OF g`,
      );
      return end ?? null;
    },

    holdDueOf: (accountId, now) =>
      query<DueGraceEnd>(
        manager,
        sql`SELECT ${dueColumns} FROM grace_end AS g JOIN billing_subscription AS s ON s.id = g.subscription_id
            WHERE g.told_at IS NULL AND g.ends_at <= ${now} AND g.account_id = ${accountId}
            ORDER BY g.ends_at, g.subscription_id FOR UPDATE OF g`,
      ),

    async told(subscriptionIds, at) {
      await query(
        manager,
        sql`UPDATE grace_end SET told_at = ${at} WHERE subscription_id = ANY(${subscriptionIds}::uuid[])`,
      );
    },
  };
}
