import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { BillingSubscription } from '../domain/subscription.js';
import { subscriptionNumber } from '../domain/subscription.js';
import type { Subscriptions } from '../service/ports.js';
import { subscriptionEntity, subscriptionHeadEntity, subscriptionVersionEntity } from './entities.js';
import { toSubscriptionRow, toVersionRow } from './subscription-mapping.js';

/** Writes subscriptions and their histories, for use cases. */
export function createSubscriptionStore(manager: EntityManager): Subscriptions {
  return {
    async create(subscriptions) {
      const numbers = await drawNumbers(manager, subscriptions.length);
      const created = subscriptions.map(({ first, ...identity }, index): BillingSubscription => {
        const number = numbers[index];
        if (number === undefined) throw new Error('The sequence gave too few numbers');
        return { ...identity, number: subscriptionNumber(number), head: first };
      });
      await manager.insert(
        subscriptionEntity,
        created.map((subscription) => toSubscriptionRow(subscription, subscription.head.recordedAt)),
      );
      await manager.insert(
        subscriptionVersionEntity,
        created.map(({ id, head }) => toVersionRow(id, head)),
      );
      await query(
        manager,
        headsStatement(sql`v.subscription_id = ANY(${created.map(({ id }) => id)}::uuid[])`),
      );
      return created;
    },
  };
}

/** Subscription numbers may have gaps: a sequence gives them without making anybody wait. */
async function drawNumbers(manager: EntityManager, count: number): Promise<bigint[]> {
  const rows = await query<{ number: string }>(
    manager,
    sql`SELECT nextval('billing_subscription_number') AS number FROM generate_series(1, ${count})`,
  );
  return rows.map((row) => BigInt(row.number));
}

/**
 * The statement that makes heads anew from the history, and from nothing else: after a version was appended for its
 * subscription, after a seeding for all.
 * @param which a condition on versions `v`
 */
export function headsStatement(which: Sql = sql`TRUE`): Sql {
  const columns = headColumns();
  const list = raw(columns.join(', '));
  const replaced = columns.filter((column) => column !== 'subscription_id');
  return sql`
    INSERT INTO billing_subscription_head (${list})
    SELECT DISTINCT ON (v.subscription_id) ${raw(columns.map((column) => `v.${column}`).join(', '))}
    FROM billing_subscription_version AS v WHERE ${which}
    ORDER BY v.subscription_id, v.version DESC
    ON CONFLICT (subscription_id) DO UPDATE
    SET ${raw(replaced.map((column) => `${column} = excluded.${column}`).join(', '))}`;
}

function headColumns(): string[] {
  return Object.keys(subscriptionHeadEntity.options.columns);
}
