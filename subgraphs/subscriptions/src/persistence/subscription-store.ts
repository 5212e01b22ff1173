import { localDate } from '@fulfillment/kernel/domain/calendar';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { headOf, heldSinceOf, type NewSubscription, subscriptionNumber } from '../domain/subscription.js';
import { DueWorkError } from '../service/due-work-error.js';
import { boughtOnceOf } from '../service/bought-once.js';
import type {
  BillingSchedule,
  BoughtOnce,
  HeldSubscription,
  RecentOrder,
  StoredSubscription,
  Subscriptions,
} from '../service/ports.js';
import { mostRecentOrders, recentOrdersOf } from '../service/recent-orders.js';
import { type DueTable, isDue, lockDueIds, lockedAs } from './due-rows.js';
import { subscriptionHeadEntity } from './entities.js';
import { insertRows } from './insert-rows.js';
import type { BillingScheduleRow, SubscriptionRow, SubscriptionVersionRow } from './rows.js';
import { backInTurn, notSetAside } from './set-aside-rows.js';
import { fromSubscriptionRow, toSubscriptionRow, toVersionRow } from './subscription-mapping.js';

/** What an account has ordered for a day that has come goes before what its contracts do by themselves. */
const dueSubscriptions: DueTable = {
  kind: 'SUBSCRIPTION',
  name: sql`billing_schedule`,
  alias: sql`b`,
  id: sql`b.subscription_id`,
  accountId: sql`b.account_id`,
  dueAt: sql`b.due_at`,
  // That of the index, so that the many others that are due are not looked at.
  order: sql`b.due_at`,
  condition: (before) => sql`NOT EXISTS (
    SELECT FROM scheduled_order AS o
    WHERE o.account_id = b.account_id AND o.due_at <= ${before} AND ${notSetAside('ORDER', sql`o.order_id`)})`,
};

/** Writes subscriptions, their histories, and how far they are billed, for use cases. */
export function createSubscriptionStore(manager: EntityManager): Subscriptions {
  return {
    create: (subscriptions) => createSubscriptions(manager, subscriptions),

    async append(subscriptions) {
      await insertVersions(manager, subscriptions);
    },

    lock: (ids) =>
      lockWhere(
        manager,
        sql`b.subscription_id = ANY(${ids}::uuid[])`,
        sql`ORDER BY b.subscription_id FOR UPDATE`,
      ),

    lockDue: (scope, before) =>
      lockWhere(
        manager,
        isDue(scope, before, dueSubscriptions),
        // Who waits for none may lock in any order.
        sql`ORDER BY ${scope.kind === 'EVERYBODY' ? dueSubscriptions.order : dueSubscriptions.id}
            ${lockedAs(scope, dueSubscriptions)}`,
      ),

    lockDueIds: (before, limit) => lockDueIds(manager, dueSubscriptions, before, limit),

    async nextDueOf(accountId) {
      const [row] = await query<{ due_at: Date | null }>(
        manager,
        sql`SELECT min(due_at) AS due_at FROM (
              SELECT due_at FROM billing_schedule WHERE account_id = ${accountId}
              UNION ALL SELECT due_at FROM scheduled_order WHERE account_id = ${accountId}) AS due`,
      );
      return row?.due_at ?? null;
    },

    async partnerOfRecord(id) {
      const [row] = await query<{ partner_of_record_id: string | null }>(
        manager,
        sql`SELECT partner_of_record_id FROM billing_subscription_head WHERE subscription_id = ${id}`,
      );
      return row?.partner_of_record_id ?? null;
    },

    schedule: (schedules) => putSchedules(manager, schedules),
  };
}

async function createSubscriptions(
  manager: EntityManager,
  subscriptions: readonly NewSubscription[],
): Promise<StoredSubscription[]> {
  if (subscriptions.length === 0) return [];
  const numbers = await drawNumbers(manager, subscriptions.length);
  const created = subscriptions.map(({ versions, ...identity }, index): StoredSubscription => {
    const number = numbers[index];
    if (number === undefined) throw new Error('The sequence gave too few numbers');
    const head = headOf(versions);
    return {
      ...identity,
      number: subscriptionNumber(number),
      head,
      heldSince: heldSinceOf(versions),
      recentOrders: recentOrdersOf(head, []),
      boughtOnce: versions.reduce<BoughtOnce[]>((bought, version) => boughtOnceOf(version, bought), []),
    };
  });
  await insertRows(
    manager,
    'billing_subscription',
    created.map((subscription) => toSubscriptionRow(subscription, subscription.head.recordedAt)),
  );
  await insertVersions(manager, subscriptions);
  return created;
}

/** Whoever writes how far a subscription is billed has dealt with what was set aside of it. */
async function putSchedules(manager: EntityManager, schedules: readonly BillingSchedule[]): Promise<void> {
  if (schedules.length === 0) return;
  const ids = schedules.map(({ subscriptionId }) => subscriptionId);
  await query(
    manager,
    sql`WITH back AS (${backInTurn('SUBSCRIPTION', ids)})
        INSERT INTO billing_schedule (subscription_id, account_id, billed_until, due_at)
        SELECT * FROM unnest(
          ${ids}::uuid[],
          ${schedules.map(({ accountId }) => accountId)}::uuid[],
          ${schedules.map(({ billedUntil }) => billedUntil)}::date[],
          ${schedules.map(({ dueAt }) => dueAt)}::timestamptz[])
        ON CONFLICT (subscription_id) DO UPDATE
        SET account_id = excluded.account_id, billed_until = excluded.billed_until, due_at = excluded.due_at`,
  );
}

type HeldRow = SubscriptionRow &
  SubscriptionVersionRow &
  Pick<BillingScheduleRow, 'billed_until'> & {
    held_since: string;
    recent_orders: RecentOrder[];
    bought_once: BoughtOnce[];
  };

/**
 * Whoever waits locks in one order of ids: of two transactions that want the same subscriptions, one waits for the other. They are read in
 * a statement of its own afterwards, which sees what the other has written.
 */
async function lockWhere(manager: EntityManager, condition: Sql, how: Sql): Promise<HeldSubscription[]> {
  const locked = await query<{ subscription_id: string }>(
    manager,
    sql`SELECT b.subscription_id FROM billing_schedule AS b WHERE ${condition} ${how}`,
  );
  if (locked.length === 0) return [];
  const ids = locked.map((row) => row.subscription_id);
  const rows = await query<HeldRow>(
    manager,
    sql`SELECT s.*, h.*, b.billed_until, (
             SELECT min(v.effective_on) FROM billing_subscription_version AS v
             WHERE v.subscription_id = h.subscription_id AND v.version > (
               SELECT coalesce(max(o.version), 0) FROM billing_subscription_version AS o
               WHERE o.subscription_id = h.subscription_id AND o.account_id <> h.account_id)) AS held_since, (
             SELECT coalesce(json_agg(json_build_object('orderId', v.order_id, 'version', v.version)), '[]')
             FROM (SELECT order_id, max(version) AS version FROM billing_subscription_version
                   WHERE subscription_id = h.subscription_id AND order_id IS NOT NULL
                   GROUP BY order_id ORDER BY max(version) DESC LIMIT ${mostRecentOrders}) AS v) AS recent_orders, (
             SELECT coalesce(json_agg(json_build_object('productCode', v.product_code, 'termStart', v.term_start,
                                                        'quantity', v.quantity, 'on', v.bought_on)
                                      ORDER BY v.bought_on, v.product_code), '[]')
             FROM (SELECT item ->> 'productCode' AS product_code, agreement #>> '{term,startDate}' AS term_start,
                          max((item ->> 'quantity')::integer) AS quantity, min(effective_on) AS bought_on
                   FROM billing_subscription_version, jsonb_array_elements(agreement -> 'items') AS item
                   WHERE subscription_id = h.subscription_id AND item ->> 'pricePeriod' = 'ONE_TIME'
                   GROUP BY 1, 2) AS v) AS bought_once
        FROM billing_schedule AS b
        JOIN billing_subscription_head AS h ON h.subscription_id = b.subscription_id
        JOIN billing_subscription AS s ON s.id = b.subscription_id
        WHERE b.subscription_id = ANY(${ids}::uuid[])
        ORDER BY b.subscription_id`,
  );
  return rows.map(fromHeldRow);
}

/** @throws DueWorkError when what is stored cannot be read: it says which subscription it is */
function fromHeldRow(row: HeldRow): HeldSubscription {
  try {
    return {
      ...fromSubscriptionRow(row),
      billedUntil: localDate(row.billed_until),
      heldSince: localDate(row.held_since),
      recentOrders: row.recent_orders,
      boughtOnce: row.bought_once,
    };
  } catch (error) {
    throw new DueWorkError(row.id, error);
  }
}

async function insertVersions(
  manager: EntityManager,
  subscriptions: Parameters<Subscriptions['append']>[0],
): Promise<void> {
  if (subscriptions.length === 0) return;
  await insertRows(
    manager,
    'billing_subscription_version',
    subscriptions.flatMap(({ id, versions }) => versions.map((version) => toVersionRow(id, version))),
  );
  await query(
    manager,
    headsStatement(sql`v.subscription_id = ANY(${subscriptions.map(({ id }) => id)}::uuid[])`),
  );
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
