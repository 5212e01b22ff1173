import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { ClosedPeriod } from '../domain/receivables/accounting-period.js';
import type { Adjustment, WriteOff } from '../domain/receivables/approval.js';
import {
  type AdjustmentWithApproval,
  adjustmentsWhere,
  type ApprovableRequest,
  fromAdjustmentRow,
  fromWriteOffRow,
  writeOffsWhere,
  type WriteOffWithApproval,
} from './accounting-approval-store.js';
import type { AccountingPeriodRow } from './ledger-rows.js';
import { booksVisibility } from './visibility.js';

/** As many requests as are shown at once. */
const mostPending = 100;

/**
 * Periods and approvals, for those inside the company (the port is `AccountingReader` in graphql/receivables-readers.ts).
 * @param now the instant at which grants must hold
 */
export function createAccountingReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, booksVisibility);
  return {
    async periods(legalEntityCode: string): Promise<ClosedPeriod[]> {
      const rows = await query<AccountingPeriodRow>(
        manager,
        sql`SELECT * FROM accounting_period
            WHERE legal_entity_code = ${legalEntityCode} AND ${visible} ORDER BY month DESC`,
      );
      return rows.map((row) => ({
        legalEntityCode: row.legal_entity_code,
        month: localDate(row.month),
        closedAt: row.closed_at,
        closedBy: row.closed_by,
      }));
    },
    async writeOffsByIds(ids: readonly string[]): Promise<ApprovableRequest<WriteOff>[]> {
      const rows = await query<WriteOffWithApproval>(
        manager,
        writeOffsWhere(sql`w.id = ANY(${ids}::uuid[]) AND ${visible}`),
      );
      return rows.map(fromWriteOffRow);
    },
    async writeOffsOfInvoices(invoiceIds: readonly string[]): Promise<ApprovableRequest<WriteOff>[]> {
      const rows = await query<WriteOffWithApproval>(
        manager,
        sql`${writeOffsWhere(sql`w.invoice_id = ANY(${invoiceIds}::uuid[]) AND ${visible}`)}
            ORDER BY w.requested_at, w.id`,
      );
      return rows.map(fromWriteOffRow);
    },
    async adjustmentsByIds(ids: readonly string[]): Promise<ApprovableRequest<Adjustment>[]> {
      const rows = await query<AdjustmentWithApproval>(
        manager,
        adjustmentsWhere(sql`j.id = ANY(${ids}::uuid[]) AND ${visible}`),
      );
      return rows.map(fromAdjustmentRow);
    },
    async pendingWriteOffs(): Promise<ApprovableRequest<WriteOff>[]> {
      const rows = await query<WriteOffWithApproval>(
        manager,
        sql`${writeOffsWhere(sql`a.request_id IS NULL AND ${visible}`)}
            ORDER BY w.requested_at, w.id LIMIT ${mostPending}`,
      );
      return rows.map(fromWriteOffRow);
    },
    async pendingAdjustments(): Promise<ApprovableRequest<Adjustment>[]> {
      const rows = await query<AdjustmentWithApproval>(
        manager,
        sql`${adjustmentsWhere(sql`a.request_id IS NULL AND ${visible}`)}
            ORDER BY j.requested_at, j.id LIMIT ${mostPending}`,
      );
      return rows.map(fromAdjustmentRow);
    },
  };
}
