import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { ReconciliationTerms, SettledSeats } from '../service/reconciliation-ports.js';
import type { SeatReconciliationRow } from './reconciliation-entities.js';
import { fromSettledRow } from './reconciliation-store.js';
import { createReconciliationTermsStore } from './reconciliation-terms-store.js';
import { booksVisibility } from './visibility.js';

/**
 * What was settled of seats, and what was agreed about them: shown inside the company alone (the port is `ReconciliationReader` in
 * graphql/readers.ts).
 * @param now the instant at which grants must hold
 */
export function createReconciliationReader(manager: EntityManager, viewer: Viewer, now: Date) {
  return {
    async ofSubscriptions(ids: readonly string[]): Promise<Map<string, SettledSeats[]>> {
      const rows = await query<SeatReconciliationRow>(
        manager,
        sql`SELECT r.* FROM seat_reconciliation AS r
            WHERE r.subscription_id = ANY(${ids}::uuid[]) AND ${visibleTo(viewer, now, booksVisibility)}
            ORDER BY r.due_on DESC, r.term_start DESC`,
      );
      const lists = new Map<string, SettledSeats[]>();
      for (const row of rows) {
        lists.set(row.subscription_id, [...(lists.get(row.subscription_id) ?? []), fromSettledRow(row)]);
      }
      return lists;
    },

    async terms(accountIds: readonly string[]): Promise<ReadonlyMap<string, ReconciliationTerms>> {
      if (viewer.audience !== 'internal') return new Map();
      return createReconciliationTermsStore(manager).terms(accountIds);
    },
  };
}
