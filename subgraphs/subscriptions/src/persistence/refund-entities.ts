import { EntitySchema } from 'typeorm';
import type { RefundAttemptOutcomeRow, RefundAttemptRow, RefundHoldRow } from './ledger-rows.js';

/** Attempts to give money back through the payment provider. One without an outcome is pending. */
export const refundAttemptEntity = new EntitySchema<RefundAttemptRow>({
  name: 'RefundAttempt',
  tableName: 'refund_attempt',
  columns: {
    id: { type: 'uuid', primary: true },
    payment_id: { type: 'uuid' },
    amount_minor: { type: 'bigint' },
    started_at: { type: 'timestamptz' },
  },
  foreignKeys: [
    {
      name: 'refund_attempt_payment_fkey',
      target: 'Payment',
      columnNames: ['payment_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'refund_attempt_payment', columns: ['payment_id'] }],
  checks: [{ name: 'refund_attempt_positive', expression: '"amount_minor" > 0' }],
});

/** How attempts to give back ended: once each. */
export const refundAttemptOutcomeEntity = new EntitySchema<RefundAttemptOutcomeRow>({
  name: 'RefundAttemptOutcome',
  tableName: 'refund_attempt_outcome',
  columns: {
    attempt_id: { type: 'uuid', primary: true },
    status: { type: 'text' },
    detail: { type: 'text' },
    settled_at: { type: 'timestamptz' },
  },
  foreignKeys: [
    {
      name: 'refund_attempt_outcome_attempt_fkey',
      target: 'RefundAttempt',
      columnNames: ['attempt_id'],
      referencedColumnNames: ['id'],
    },
  ],
});

/** Account credit that is kept for a refund until its outcome is known. */
export const refundHoldEntity = new EntitySchema<RefundHoldRow>({
  name: 'RefundHold',
  tableName: 'refund_hold',
  columns: {
    attempt_id: { type: 'uuid', primary: true },
    credit_id: { type: 'uuid', primary: true },
    amount_minor: { type: 'bigint' },
  },
  foreignKeys: [
    {
      name: 'refund_hold_attempt_fkey',
      target: 'RefundAttempt',
      columnNames: ['attempt_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'refund_hold_credit_fkey',
      target: 'AccountCredit',
      columnNames: ['credit_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'refund_hold_credit', columns: ['credit_id'] }],
  checks: [{ name: 'refund_hold_positive', expression: '"amount_minor" > 0' }],
});

export const refundEntities = [
  refundAttemptEntity,
  refundAttemptOutcomeEntity,
  refundHoldEntity,
] as EntitySchema[];
