import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import { visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { TakenStep } from '../domain/receivables/dunning.js';
import type { Refund } from '../domain/receivables/refund.js';
import { dunningStepNames } from './invoice-dunning-store.js';
import { stored } from './invoice-line-mapping.js';
import type { DunningStepRow } from './ledger-rows.js';
import {
  type AttemptRow,
  attemptsWhere,
  type AttemptWithOutcome,
  fromAttemptRow,
  fromRefundRow,
  refundsWhere,
  type RefundWithCurrency,
} from './payment-store.js';
import {
  type FoundRefundAttempt,
  fromRefundAttemptRow,
  refundAttemptsWhere,
  type RefundAttemptWithParts,
} from './refund-attempt-store.js';
import { invoiceVisibility } from './visibility.js';

/**
 * What became of invoices, as one viewer may see it (the port is `SettlementReader` in graphql/receivables-readers.ts).
 * @param now the instant at which grants must hold
 */
export function createPaymentReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, invoiceVisibility);
  return {
    async refundsOfPayments(paymentIds: readonly string[]): Promise<Refund[]> {
      const rows = await query<RefundWithCurrency>(
        manager,
        refundsWhere(sql`r.payment_id = ANY(${paymentIds}::uuid[]) AND ${visible}`),
      );
      return rows.map(fromRefundRow);
    },
    async refundsByIds(ids: readonly string[]): Promise<Refund[]> {
      const rows = await query<RefundWithCurrency>(
        manager,
        refundsWhere(sql`r.id = ANY(${ids}::uuid[]) AND ${visible}`),
      );
      return rows.map(fromRefundRow);
    },
    async refundAttemptsByIds(ids: readonly string[]): Promise<FoundRefundAttempt[]> {
      const rows = await query<RefundAttemptWithParts>(
        manager,
        refundAttemptsWhere(sql`t.id = ANY(${ids}::uuid[]) AND ${visible}`),
      );
      return rows.map(fromRefundAttemptRow);
    },
    async refundAttemptsOfPayments(paymentIds: readonly string[]): Promise<FoundRefundAttempt[]> {
      const rows = await query<RefundAttemptWithParts>(
        manager,
        refundAttemptsWhere(sql`t.payment_id = ANY(${paymentIds}::uuid[]) AND ${visible}`),
      );
      return rows.map(fromRefundAttemptRow);
    },
    async attemptsByIds(ids: readonly string[]): Promise<AttemptWithOutcome[]> {
      const rows = await query<AttemptRow>(
        manager,
        attemptsWhere(sql`t.id = ANY(${ids}::uuid[]) AND ${visible}`),
      );
      return rows.map(fromAttemptRow);
    },
    async attemptsOfInvoices(invoiceIds: readonly string[]): Promise<AttemptWithOutcome[]> {
      const rows = await query<AttemptRow>(
        manager,
        sql`${attemptsWhere(sql`t.invoice_id = ANY(${invoiceIds}::uuid[]) AND ${visible}`)}
            ORDER BY t.started_at, t.id`,
      );
      return rows.map(fromAttemptRow);
    },
    async dunningOfInvoices(invoiceIds: readonly string[]): Promise<TakenStep[]> {
      const rows = await query<DunningStepRow>(
        manager,
        sql`SELECT d.* FROM dunning_step AS d JOIN invoice AS i ON i.id = d.invoice_id
            WHERE d.invoice_id = ANY(${invoiceIds}::uuid[]) AND ${visible}
            ORDER BY d.taken_at, array_position(${dunningStepNames}::text[], d.step)`,
      );
      return rows.map((row) => ({
        invoiceId: row.invoice_id,
        step: stored('dunning step', dunningStepNames, row.step),
        takenOn: localDate(row.taken_on),
        takenAt: row.taken_at,
      }));
    },
  };
}
