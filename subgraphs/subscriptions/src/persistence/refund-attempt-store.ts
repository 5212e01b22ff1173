import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { AttemptOutcome } from '../domain/receivables/payment-attempt.js';
import type { RefundAttempt } from '../domain/receivables/refund.js';
import type { RefundAttempts } from '../service/receivables-ports.js';
import { storedCurrency } from './account-mapping.js';
import { insertRows } from './insert-rows.js';
import { stored } from './invoice-line-mapping.js';
import type { RefundAttemptOutcomeRow, RefundAttemptRow, RefundHoldRow } from './ledger-rows.js';
import { attemptOutcomes, isPending } from './payment-store.js';
import { notSetAside } from './set-aside-rows.js';

export type RefundAttemptWithParts = RefundAttemptRow &
  Partial<RefundAttemptOutcomeRow> & {
    readonly currency: string;
    readonly charge_reference: string;
    readonly holds: readonly { readonly credit_id: string; readonly amount_minor: string }[];
  };

/** An attempt with its outcome, null while it is pending, and the provider's reference of the charge. */
export interface FoundRefundAttempt {
  readonly attempt: RefundAttempt;
  readonly outcome: AttemptOutcome | null;
  readonly chargeReference: string;
}

/** What a query of refund attempts selects for `fromRefundAttemptRow`, the oldest first. */
export function refundAttemptsWhere(condition: Sql): Sql {
  return sql`
    SELECT t.*, o.status, o.detail, o.settled_at, i.currency, p.reference AS charge_reference,
      (SELECT coalesce(json_agg(json_build_object(
                'credit_id', h.credit_id, 'amount_minor', h.amount_minor::text) ORDER BY h.credit_id), '[]')
       FROM refund_hold AS h WHERE h.attempt_id = t.id) AS holds
    FROM refund_attempt AS t
    JOIN payment AS p ON p.id = t.payment_id
    JOIN invoice AS i ON i.id = p.invoice_id
    LEFT JOIN refund_attempt_outcome AS o ON o.attempt_id = t.id
    WHERE ${condition}
    ORDER BY t.started_at, t.id`;
}

export function fromRefundAttemptRow(row: RefundAttemptWithParts): FoundRefundAttempt {
  const { status, detail, settled_at: settledAt } = row;
  const currency = storedCurrency(row.currency);
  const amount = (minor: string) => money(BigInt(minor), currency);
  return {
    attempt: {
      id: row.id,
      paymentId: row.payment_id,
      amount: amount(row.amount_minor),
      held: row.holds.map((hold) => ({ creditId: hold.credit_id, amount: amount(hold.amount_minor) })),
      startedAt: row.started_at,
    },
    outcome:
      status && detail && settledAt
        ? { attemptId: row.id, status: stored('outcome', attemptOutcomes, status), detail, settledAt }
        : null,
    chargeReference: row.charge_reference,
  };
}

/** Attempts to give money back through the payment provider, for use cases. */
export function createRefundAttemptStore(manager: EntityManager): RefundAttempts {
  const attempts = async (statement: Sql) =>
    (await query<RefundAttemptWithParts>(manager, statement)).map(fromRefundAttemptRow);
  return {
    async start(attempt) {
      const row: RefundAttemptRow = {
        id: attempt.id,
        payment_id: attempt.paymentId,
        amount_minor: attempt.amount.minor.toString(),
        started_at: attempt.startedAt,
      };
      const holds = attempt.held.map(({ creditId, amount }): RefundHoldRow => ({
        attempt_id: attempt.id,
        credit_id: creditId,
        amount_minor: amount.minor.toString(),
      }));
      await insertRows(manager, 'refund_attempt', [row]);
      await insertRows(manager, 'refund_hold', holds);
    },
    async find(id) {
      const [found] = await attempts(refundAttemptsWhere(sql`t.id = ${id}`));
      return found ?? null;
    },
    async pendingOf(paymentId) {
      const pending = sql`t.payment_id = ${paymentId} AND o.attempt_id IS NULL`;
      const [found] = await attempts(refundAttemptsWhere(pending));
      return found?.attempt ?? null;
    },
    async pending(before, after, limit) {
      const rows = await query<{ id: string }>(
        manager,
        sql`SELECT t.id FROM refund_attempt AS t
            JOIN payment AS p ON p.id = t.payment_id
            JOIN invoice AS i ON i.id = p.invoice_id
            LEFT JOIN refund_attempt_outcome AS o ON o.attempt_id = t.id
            WHERE ${isPending(before, after)} AND ${notSetAside('REFUND', sql`t.id`)} ORDER BY t.id LIMIT ${limit}`,
      );
      return rows.map(({ id }) => id);
    },
    async settle({ attemptId, status, detail, settledAt }) {
      const rows = await query(
        manager,
        sql`INSERT INTO refund_attempt_outcome (attempt_id, status, detail, settled_at)
            VALUES (${attemptId}, ${status}, ${detail}, ${settledAt})
            ON CONFLICT DO NOTHING RETURNING attempt_id`,
      );
      return rows.length > 0;
    },
  };
}
