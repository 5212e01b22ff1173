import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { AttemptOutcome, PaymentAttempt } from '../domain/receivables/payment-attempt.js';
import type { Refund } from '../domain/receivables/refund.js';
import type { Payments } from '../service/receivables-ports.js';
import { storedCurrency } from './account-mapping.js';
import { insertRows } from './insert-rows.js';
import { stored } from './invoice-line-mapping.js';
import { toPaymentRow } from './invoice-mapping.js';
import { notSetAside } from './set-aside-rows.js';
import type { PaymentAttemptOutcomeRow, PaymentAttemptRow, RefundRow } from './ledger-rows.js';

export const attemptOutcomes = ['SUCCEEDED', 'DECLINED'] as const;

export type AttemptRow = PaymentAttemptRow &
  Partial<PaymentAttemptOutcomeRow> & { readonly currency: string };

/** What a query of attempts selects for `fromAttemptRow`. */
export function attemptsWhere(condition: Sql): Sql {
  return sql`
    SELECT t.*, o.status, o.detail, o.settled_at, i.currency
    FROM payment_attempt AS t
    JOIN invoice AS i ON i.id = t.invoice_id
    LEFT JOIN payment_attempt_outcome AS o ON o.attempt_id = t.id
    WHERE ${condition}`;
}

/**
 * True for attempts `t` on invoices `i` without an outcome `o` that began before an instant, those after one in the order of ids. A
 * sandbox's attempts are dated by its test clock, which the system's clock says nothing about: they are always due.
 */
export function isPending(before: Date, after: string | null): Sql {
  return sql`o.attempt_id IS NULL AND (${after}::uuid IS NULL OR t.id > ${after}::uuid) AND (
    t.started_at < ${before}
    OR EXISTS (SELECT FROM account AS a WHERE a.id = i.invoice_owner_account_id AND a.sandbox))`;
}

/** An attempt with its outcome; null while it is pending. */
export interface AttemptWithOutcome {
  readonly attempt: PaymentAttempt;
  readonly outcome: AttemptOutcome | null;
}

export function fromAttemptRow(row: AttemptRow): AttemptWithOutcome {
  const { status, detail, settled_at: settledAt } = row;
  const outcome =
    status && detail && settledAt
      ? { attemptId: row.id, status: stored('outcome', attemptOutcomes, status), detail, settledAt }
      : null;
  return {
    attempt: {
      id: row.id,
      invoiceId: row.invoice_id,
      amount: money(BigInt(row.amount_minor), storedCurrency(row.currency)),
      paymentMethodToken: row.payment_method_token,
      startedAt: row.started_at,
    },
    outcome,
  };
}

/** A refund with the currency of its invoice. */
export type RefundWithCurrency = RefundRow & { readonly currency: string };

export function fromRefundRow(row: RefundWithCurrency): Refund {
  const currency = storedCurrency(row.currency);
  return {
    id: row.id,
    paymentId: row.payment_id,
    amount: money(BigInt(row.amount_minor), currency),
    fromCredit: money(BigInt(row.from_credit_minor), currency),
    refundedAt: row.refunded_at,
    reference: row.reference,
  };
}

/** What a query of refunds `r` selects for `fromRefundRow`, the oldest first. */
export function refundsWhere(condition: Sql): Sql {
  return sql`
    SELECT r.*, i.currency FROM refund AS r
    JOIN payment AS p ON p.id = r.payment_id JOIN invoice AS i ON i.id = p.invoice_id
    WHERE ${condition} ORDER BY r.refunded_at, r.id`;
}

/** Payments, refunds and attempts to collect, for use cases. */
export function createPaymentStore(manager: EntityManager): Payments {
  const attempts = async (statement: Sql) =>
    (await query<AttemptRow>(manager, statement)).map(fromAttemptRow);
  return {
    add: (payment) => insertRows(manager, 'payment', [toPaymentRow(payment)]),
    async refunds(paymentId) {
      const rows = await query<RefundWithCurrency>(manager, refundsWhere(sql`r.payment_id = ${paymentId}`));
      return rows.map(fromRefundRow);
    },
    async addRefund(refund) {
      const row: RefundRow = {
        id: refund.id,
        payment_id: refund.paymentId,
        amount_minor: refund.amount.minor.toString(),
        from_credit_minor: refund.fromCredit.minor.toString(),
        refunded_at: refund.refundedAt,
        reference: refund.reference,
      };
      await insertRows(manager, 'refund', [row]);
    },
    async startAttempt(attempt) {
      const row: PaymentAttemptRow = {
        id: attempt.id,
        invoice_id: attempt.invoiceId,
        amount_minor: attempt.amount.minor.toString(),
        payment_method_token: attempt.paymentMethodToken,
        started_at: attempt.startedAt,
      };
      await insertRows(manager, 'payment_attempt', [row]);
    },
    async findAttempt(id) {
      const [found] = await attempts(attemptsWhere(sql`t.id = ${id}`));
      return found ?? null;
    },
    async pendingAttempt(invoiceId) {
      const pending = sql`t.invoice_id = ${invoiceId} AND o.attempt_id IS NULL`;
      const [found] = await attempts(attemptsWhere(pending));
      return found?.attempt ?? null;
    },
    async pendingAttempts(before, after, limit) {
      const rows = await query<{ id: string }>(
        manager,
        sql`SELECT t.id FROM payment_attempt AS t
            JOIN invoice AS i ON i.id = t.invoice_id
            LEFT JOIN payment_attempt_outcome AS o ON o.attempt_id = t.id
            WHERE ${isPending(before, after)} AND ${notSetAside('PAYMENT', sql`t.id`)} ORDER BY t.id LIMIT ${limit}`,
      );
      return rows.map(({ id }) => id);
    },
    async settleAttempt({ attemptId, status, detail, settledAt }) {
      const rows = await query(
        manager,
        sql`INSERT INTO payment_attempt_outcome (attempt_id, status, detail, settled_at)
            VALUES (${attemptId}, ${status}, ${detail}, ${settledAt})
            ON CONFLICT DO NOTHING RETURNING attempt_id`,
      );
      return rows.length > 0;
    },
  };
}
