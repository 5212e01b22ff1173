import { localDate } from '@fulfillment/kernel/domain/calendar';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { SubscriptionVersion } from '../domain/subscription.js';
import type { SettledReconciliations, SettledSeats } from '../service/reconciliation-ports.js';
import { insertRows } from './insert-rows.js';
import { type SeatReconciliationRow, storedMode } from './reconciliation-entities.js';
import type { SubscriptionVersionRow } from './rows.js';
import { fromVersionRow } from './subscription-mapping.js';

/** What was settled of seats, and the histories by which it is, within one transaction. */
export function createSettledStore(manager: EntityManager): SettledReconciliations {
  return {
    async histories(subscriptionIds) {
      const rows = await query<SubscriptionVersionRow>(
        manager,
        sql`SELECT v.* FROM billing_subscription_version AS v
            WHERE ${isOneOf('v.subscription_id', subscriptionIds)} ORDER BY v.version`,
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
            WHERE ${isOneOf('r.subscription_id', subscriptionIds)} ORDER BY r.due_on`,
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
