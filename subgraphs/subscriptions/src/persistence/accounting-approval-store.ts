import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { ledgerAccounts } from '../domain/ledger/ledger-account.js';
import type { Adjustment, Approval, WriteOff } from '../domain/receivables/approval.js';
import type { Approvals } from '../service/receivables-ports.js';
import { storedCurrency } from './account-mapping.js';
import { insertRows } from './insert-rows.js';
import { stored } from './invoice-line-mapping.js';
import type { AdjustmentRow, ApprovalRow, WriteOffRow } from './ledger-rows.js';

type Approved<Row> = Row & Partial<Pick<ApprovalRow, 'approved_by' | 'approved_at'>>;

export type WriteOffWithApproval = Approved<WriteOffRow> & { readonly currency: string };
export type AdjustmentWithApproval = Approved<AdjustmentRow>;

/** A request with its approval; null until a second person agrees. */
export interface ApprovableRequest<Request> {
  readonly request: Request;
  readonly approval: Approval | null;
}

/** What a query of write-offs `w` selects for `fromWriteOffRow`. */
export function writeOffsWhere(condition: Sql): Sql {
  return sql`
    SELECT w.*, i.currency, a.approved_by, a.approved_at FROM write_off AS w
    JOIN invoice AS i ON i.id = w.invoice_id LEFT JOIN approval AS a ON a.request_id = w.id
    WHERE ${condition}`;
}

/** What a query of adjustments `j` selects for `fromAdjustmentRow`. */
export function adjustmentsWhere(condition: Sql): Sql {
  return sql`
    SELECT j.*, a.approved_by, a.approved_at FROM adjustment AS j
    LEFT JOIN approval AS a ON a.request_id = j.id WHERE ${condition}`;
}

export function fromWriteOffRow(row: WriteOffWithApproval): ApprovableRequest<WriteOff> {
  const request = {
    id: row.id,
    invoiceId: row.invoice_id,
    amount: money(BigInt(row.amount_minor), storedCurrency(row.currency)),
    reason: row.reason,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
  };
  return { request, approval: approvalOf(row) };
}

export function fromAdjustmentRow(row: AdjustmentWithApproval): ApprovableRequest<Adjustment> {
  const request = {
    id: row.id,
    legalEntityCode: row.legal_entity_code,
    debit: stored('ledger account', ledgerAccounts, row.debit),
    credit: stored('ledger account', ledgerAccounts, row.credit),
    amount: money(BigInt(row.amount_minor), storedCurrency(row.currency)),
    bookedOn: localDate(row.booked_on),
    reason: row.reason,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
  };
  return { request, approval: approvalOf(row) };
}

/** What one person asks for and another approves, for use cases. */
export function createApprovalStore(manager: EntityManager): Approvals {
  return {
    async addWriteOff(writeOff) {
      const row: WriteOffRow = {
        id: writeOff.id,
        invoice_id: writeOff.invoiceId,
        amount_minor: writeOff.amount.minor.toString(),
        reason: writeOff.reason,
        requested_by: writeOff.requestedBy,
        requested_at: writeOff.requestedAt,
      };
      await insertRows(manager, 'write_off', [row]);
    },
    async findWriteOff(id) {
      const [row] = await query<WriteOffWithApproval>(
        manager,
        sql`${writeOffsWhere(sql`w.id = ${id}`)} FOR UPDATE OF w`,
      );
      return row ? fromWriteOffRow(row) : null;
    },
    async addAdjustment(adjustment) {
      const row: AdjustmentRow = {
        id: adjustment.id,
        legal_entity_code: adjustment.legalEntityCode,
        currency: adjustment.amount.currency,
        debit: adjustment.debit,
        credit: adjustment.credit,
        amount_minor: adjustment.amount.minor.toString(),
        booked_on: adjustment.bookedOn,
        reason: adjustment.reason,
        requested_by: adjustment.requestedBy,
        requested_at: adjustment.requestedAt,
      };
      await insertRows(manager, 'adjustment', [row]);
    },
    async findAdjustment(id) {
      const [row] = await query<AdjustmentWithApproval>(
        manager,
        sql`${adjustmentsWhere(sql`j.id = ${id}`)} FOR UPDATE OF j`,
      );
      return row ? fromAdjustmentRow(row) : null;
    },
    async approve({ requestId, requestedBy, approvedBy, approvedAt }) {
      const row: ApprovalRow = {
        request_id: requestId,
        requested_by: requestedBy,
        approved_by: approvedBy,
        approved_at: approvedAt,
      };
      await insertRows(manager, 'approval', [row]);
    },
  };
}

function approvalOf(row: Approved<WriteOffRow | AdjustmentRow>): Approval | null {
  if (!row.approved_by || !row.approved_at) return null;
  const { id, requested_by: requestedBy, approved_by: approvedBy, approved_at: approvedAt } = row;
  return { requestId: id, requestedBy, approvedBy, approvedAt };
}
