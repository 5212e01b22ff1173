import { localDate } from '@fulfillment/kernel/domain/calendar';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { ScheduledSeatUsage, ScheduledSeatUsages } from '../service/reconciliation-ports.js';
import { type DueTable, isDue, lockDueIds, lockedAs } from './due-rows.js';
import type { SeatUsageRow } from './reconciliation-entities.js';

/** Both terms of a subscription are set aside together: the later one is settled after the earlier one. */
const dueUsage: DueTable = {
  kind: 'SEAT_RECONCILIATION',
  name: sql`seat_usage`,
  alias: sql`u`,
  id: sql`u.subscription_id`,
  accountId: sql`u.account_id`,
  dueAt: sql`u.reconcile_at`,
  order: sql`u.reconcile_at`,
};

/** The use of seats, term by term, and when it is settled next, within one transaction. */
export function createSeatUsageStore(manager: EntityManager): ScheduledSeatUsages {
  return {
    async find(subscriptionId, termStart) {
      const [row] = await selectUsage(
        manager,
        sql`WHERE u.subscription_id = ${subscriptionId} AND u.term_start = ${termStart}`,
      );
      return row ?? null;
    },

    put: (usages) => putUsages(manager, usages),

    lockDue: (scope, before) =>
      selectUsage(
        manager,
        sql`WHERE ${isDue(scope, before, dueUsage)}
            ORDER BY ${scope.kind === 'EVERYBODY' ? dueUsage.order : sql`u.subscription_id, u.term_start`}
            ${lockedAs(scope, dueUsage)}`,
      ),

    lockDueIds: (before, limit) => lockDueIds(manager, dueUsage, before, limit),

    async nextDueOf(accountId) {
      const [row] = await query<{ due_at: Date | null }>(
        manager,
        sql`SELECT min(reconcile_at) AS due_at FROM seat_usage WHERE account_id = ${accountId}`,
      );
      return row?.due_at ?? null;
    },

    async scheduleNext({ subscriptionId, term }, next) {
      const which = sql`subscription_id = ${subscriptionId} AND term_start = ${term.start}`;
      await query(
        manager,
        next === null
          ? sql`DELETE FROM seat_usage WHERE ${which}`
          : sql`UPDATE seat_usage SET reconcile_on = ${next.reconcileOn}, reconcile_at = ${next.reconcileAt} WHERE ${which}`,
      );
    },
  };
}

async function selectUsage(manager: EntityManager, which: Sql): Promise<ScheduledSeatUsage[]> {
  const rows = await query<SeatUsageRow>(manager, sql`SELECT u.* FROM seat_usage AS u ${which}`);
  return rows.map(fromUsageRow);
}

/** A day of settlement that has come is not put off by what is told meanwhile: it is judged with that. */
async function putUsages(manager: EntityManager, usages: readonly ScheduledSeatUsage[]): Promise<void> {
  if (usages.length === 0) return;
  await query(
    manager,
    sql`INSERT INTO seat_usage AS known (subscription_id, term_start, term_end, account_id, sequence, used, days,
                                         reported_at, reconcile_on, reconcile_at)
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(usages.map(toUsageRow))}) AS usage (
          subscription_id uuid, term_start date, term_end date, account_id uuid, sequence integer, used integer, days jsonb,
          reported_at timestamptz, reconcile_on date, reconcile_at timestamptz)
        ON CONFLICT (subscription_id, term_start) DO UPDATE SET
          term_end = excluded.term_end, account_id = excluded.account_id, sequence = excluded.sequence,
          used = excluded.used, days = excluded.days, reported_at = excluded.reported_at,
          reconcile_on = LEAST(known.reconcile_on, excluded.reconcile_on),
          reconcile_at = LEAST(known.reconcile_at, excluded.reconcile_at)
        WHERE known.sequence < excluded.sequence`,
  );
}

export function fromUsageRow(row: SeatUsageRow): ScheduledSeatUsage {
  return {
    subscriptionId: row.subscription_id,
    accountId: row.account_id,
    sequence: row.sequence,
    term: { start: localDate(row.term_start), end: localDate(row.term_end) },
    used: row.used,
    days: row.days.map(([start, end, users]) => ({ start: localDate(start), end: localDate(end), users })),
    reportedAt: row.reported_at,
    reconcileOn: localDate(row.reconcile_on),
    reconcileAt: row.reconcile_at,
  };
}

/** Pure: seeding copies its rows in. Only what was reported is kept, so it has an instant. */
export function toUsageRow(usage: ScheduledSeatUsage): SeatUsageRow {
  return {
    subscription_id: usage.subscriptionId,
    term_start: usage.term.start,
    term_end: usage.term.end,
    account_id: usage.accountId,
    sequence: usage.sequence,
    used: usage.used,
    days: usage.days.map(({ start, end, users }) => [start, end, users]),
    reported_at: usage.reportedAt ?? usage.reconcileAt,
    reconcile_on: usage.reconcileOn,
    reconcile_at: usage.reconcileAt,
  };
}
