import { localDate } from '@fulfillment/kernel/domain/calendar';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import {
  type AgreedMode,
  type ReconciliationMode,
  reconciliationModes,
} from '../domain/reconciliation/mode.js';
import type { SubscriptionVersion } from '../domain/subscription.js';
import type {
  ReconciliationTerms,
  Reconciliations,
  ScheduledSeatUsage,
  SettledSeats,
  WaitingSeatUsage,
} from '../service/reconciliation-ports.js';
import { insertRows } from './insert-rows.js';
import type {
  ReconciliationTermsRow,
  SeatReconciliationRow,
  SeatUsageRow,
  WaitingSeatUsageRow,
} from './reconciliation-entities.js';
import type { SubscriptionVersionRow } from './rows.js';
import { fromVersionRow } from './subscription-mapping.js';

/** The use of seats, and what was settled of it, within one transaction. */
export function createReconciliationStore(manager: EntityManager): Reconciliations {
  return {
    async find(subscriptionId, termStart) {
      const [row] = await selectUsage(
        manager,
        sql`WHERE u.subscription_id = ${subscriptionId} AND u.term_start = ${termStart}`,
      );
      return row ?? null;
    },

    put: (usage) => putUsage(manager, usage),

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

    takeWaiting: (limit) => takeWaiting(manager, limit),

    lockDue: (before, limit) =>
      selectUsage(
        manager,
        sql`WHERE u.reconcile_at <= ${before}
              AND NOT EXISTS (SELECT FROM account AS a WHERE a.id = u.account_id AND a.sandbox)
            ORDER BY u.reconcile_at LIMIT ${limit} FOR UPDATE OF u SKIP LOCKED`,
      ),

    lockDueOf: (accountId, before) =>
      selectUsage(
        manager,
        sql`WHERE u.account_id = ${accountId} AND u.reconcile_at <= ${before}
            ORDER BY u.subscription_id, u.term_start FOR UPDATE OF u`,
      ),

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

    async postpone(subscriptionId, until) {
      await query(
        manager,
        sql`UPDATE seat_usage SET reconcile_at = ${until}
            WHERE subscription_id = ${subscriptionId} AND reconcile_at < ${until}`,
      );
    },

    async histories(subscriptionIds) {
      const rows = await query<SubscriptionVersionRow>(
        manager,
        sql`SELECT v.* FROM billing_subscription_version AS v
            WHERE v.subscription_id = ANY(${subscriptionIds}::uuid[]) ORDER BY v.version`,
      );
      const histories = new Map<string, SubscriptionVersion[]>();
      for (const row of rows) {
        const history = histories.get(row.subscription_id) ?? [];
        history.push(fromVersionRow(row));
        histories.set(row.subscription_id, history);
      }
      return histories;
    },

    async settled(subscriptionIds) {
      const rows = await query<SeatReconciliationRow>(
        manager,
        sql`SELECT r.* FROM seat_reconciliation AS r
            WHERE r.subscription_id = ANY(${subscriptionIds}::uuid[]) ORDER BY r.due_on`,
      );
      const settled = new Map<string, SettledSeats[]>();
      for (const row of rows) {
        const ofOne = settled.get(row.subscription_id) ?? [];
        ofOne.push(fromSettledRow(row));
        settled.set(row.subscription_id, ofOne);
      }
      return settled;
    },

    async settle(settled) {
      await insertRows(
        manager,
        'seat_reconciliation',
        settled.map((one) => ({
          subscription_id: one.subscriptionId,
          term_start: one.termStart,
          due_on: one.dueOn,
          settled_on: one.settledOn,
          kind: one.kind,
          maximum: one.maximum,
          agreed: one.agreed,
          seats: one.seats,
          document_id: one.documentId,
          recorded_at: one.recordedAt,
        })),
      );
    },

    async terms(accountIds) {
      const rows = await query<ReconciliationTermsRow>(
        manager,
        sql`SELECT DISTINCT ON (t.account_id) t.* FROM reconciliation_terms AS t
            WHERE t.account_id = ANY(${accountIds}::uuid[]) ORDER BY t.account_id, t.number DESC`,
      );
      const terms = rows.map(fromTermsRow).filter((one) => one !== null);
      return new Map(terms.map((one) => [one.accountId, one]));
    },

    async agreedModes(accountIds) {
      const rows = await query<ReconciliationTermsRow>(
        manager,
        sql`SELECT t.* FROM reconciliation_terms AS t
            WHERE t.account_id = ANY(${accountIds}::uuid[]) ORDER BY t.number`,
      );
      return rows.map(({ account_id: accountId, from_on: from, mode }): AgreedMode => ({
        accountId,
        from: localDate(from),
        mode: mode === null ? null : storedMode(mode),
      }));
    },

    async setTerms({ accountId, from, mode, setBy, setAt }) {
      await query(
        manager,
        sql`INSERT INTO reconciliation_terms (account_id, from_on, mode, set_by, set_at)
            VALUES (${accountId}, ${from}, ${mode}, ${setBy}, ${setAt})`,
      );
    },
  };
}

async function takeWaiting(manager: EntityManager, limit: number): Promise<WaitingSeatUsage[]> {
  const rows = await query<WaitingSeatUsageRow>(
    manager,
    sql`WITH known AS MATERIALIZED (
          SELECT w.subscription_id, w.term_start FROM waiting_seat_usage AS w
          WHERE EXISTS (
            SELECT FROM billing_subscription_version AS v
            WHERE v.subscription_id = w.subscription_id AND v.term_start = w.term_start)
          ORDER BY w.subscription_id, w.term_start LIMIT ${limit} FOR UPDATE OF w SKIP LOCKED
        ), taken AS (
          DELETE FROM waiting_seat_usage AS w USING known
          WHERE (w.subscription_id, w.term_start) = (known.subscription_id, known.term_start)
          RETURNING w.*
        )
        SELECT * FROM taken`,
  );
  return rows.map(({ subscription_id, term_start, sequence, payload }) => {
    return { subscriptionId: subscription_id, termStart: localDate(term_start), sequence, payload };
  });
}

async function selectUsage(manager: EntityManager, which: Sql): Promise<ScheduledSeatUsage[]> {
  const rows = await query<SeatUsageRow>(manager, sql`SELECT u.* FROM seat_usage AS u ${which}`);
  return rows.map(fromUsageRow);
}

/** A day of settlement that has come is not put off by what is told meanwhile: it is judged with that. */
async function putUsage(manager: EntityManager, usage: ScheduledSeatUsage): Promise<void> {
  const row = toUsageRow(usage);
  await query(
    manager,
    sql`INSERT INTO seat_usage AS known (subscription_id, term_start, term_end, account_id, sequence, used, days,
                                         reported_at, reconcile_on, reconcile_at)
        VALUES (${row.subscription_id}, ${row.term_start}, ${row.term_end}, ${row.account_id}, ${row.sequence},
                ${row.used}, ${JSON.stringify(row.days)}, ${row.reported_at}, ${row.reconcile_on}, ${row.reconcile_at})
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

export function fromSettledRow(row: SeatReconciliationRow): SettledSeats {
  return {
    subscriptionId: row.subscription_id,
    termStart: localDate(row.term_start),
    dueOn: localDate(row.due_on),
    settledOn: localDate(row.settled_on),
    kind: storedMode(row.kind),
    maximum: row.maximum,
    agreed: row.agreed,
    seats: row.seats,
    documentId: row.document_id,
    recordedAt: row.recorded_at,
  };
}

function fromTermsRow(row: ReconciliationTermsRow): ReconciliationTerms | null {
  const { account_id: accountId, from_on: from, mode, set_by: setBy, set_at: setAt } = row;
  return mode === null ? null : { accountId, from: localDate(from), mode: storedMode(mode), setBy, setAt };
}

function storedMode(text: string): ReconciliationMode {
  const mode = reconciliationModes.find((known) => known === text);
  if (mode === undefined) throw new RangeError(`Not a way to reconcile: ${text}`);
  return mode;
}
