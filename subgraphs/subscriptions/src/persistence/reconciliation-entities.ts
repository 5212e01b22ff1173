import type { SeatUsagePayload } from '@fulfillment/schema/events/licenses';
import { EntitySchema } from 'typeorm';
import { type ReconciliationMode, reconciliationModes } from '../domain/reconciliation/mode.js';

/** Rows are in the form of `rows.ts`: a property is named as its column. */
export interface SeatUsageRow {
  subscription_id: string;
  term_start: string;
  term_end: string;
  account_id: string;
  sequence: number;
  used: number;
  /** The first day, the first day after, and the highest number of users on each of them. */
  days: [start: string, end: string, users: number][];
  reported_at: Date;
  reconcile_on: string;
  reconcile_at: Date;
}

/** How the seats of each term are used, and when that is settled next; gone once the term is settled. */
export const seatUsageEntity = new EntitySchema<SeatUsageRow>({
  name: 'SeatUsage',
  tableName: 'seat_usage',
  columns: {
    subscription_id: { type: 'uuid', primary: true },
    term_start: { type: 'date', primary: true },
    term_end: { type: 'date' },
    account_id: { type: 'uuid' },
    sequence: { type: 'integer' },
    used: { type: 'integer' },
    days: { type: 'jsonb' },
    reported_at: { type: 'timestamptz' },
    reconcile_on: { type: 'date' },
    reconcile_at: { type: 'timestamptz' },
  },
  indices: [
    { name: 'seat_usage_reconcile_at', columns: ['reconcile_at'] },
    { name: 'seat_usage_account', columns: ['account_id'] },
  ],
});

export interface WaitingSeatUsageRow {
  subscription_id: string;
  term_start: string;
  sequence: number;
  payload: SeatUsagePayload;
}

/** What licenses told of terms of which no version is known yet; gone once one is. */
export const waitingSeatUsageEntity = new EntitySchema<WaitingSeatUsageRow>({
  name: 'WaitingSeatUsage',
  tableName: 'waiting_seat_usage',
  columns: {
    subscription_id: { type: 'uuid', primary: true },
    term_start: { type: 'date', primary: true },
    sequence: { type: 'integer' },
    payload: { type: 'jsonb' },
  },
});

export interface ReconciliationTermsRow {
  /** Counts all that was ever agreed. */
  number: string;
  account_id: string;
  from_on: string;
  /** Null when the rules decide again. */
  mode: string | null;
  set_by: string;
  set_at: Date;
}

/** What was agreed with single accounts about use beyond their seats, from which day on; for all others the rules decide. Append-only. */
export const reconciliationTermsEntity = new EntitySchema<ReconciliationTermsRow>({
  name: 'ReconciliationTerms',
  tableName: 'reconciliation_terms',
  columns: {
    number: { type: 'bigint', primary: true, generated: 'increment' },
    account_id: { type: 'uuid' },
    from_on: { type: 'date' },
    mode: { type: 'text', nullable: true },
    set_by: { type: 'text' },
    set_at: { type: 'timestamptz' },
  },
  indices: [{ name: 'reconciliation_terms_account', columns: ['account_id', 'number'] }],
  checks: [{ name: 'reconciliation_terms_mode', expression: `"mode" IN ('QUARTERLY', 'TRUE_UP', 'OFF')` }],
});

export interface SeatReconciliationRow {
  subscription_id: string;
  term_start: string;
  due_on: string;
  settled_on: string;
  kind: string;
  maximum: number;
  agreed: number;
  seats: number;
  document_id: string | null;
  recorded_at: Date;
}

/** What was settled. Append-only. */
export const seatReconciliationEntity = new EntitySchema<SeatReconciliationRow>({
  name: 'SeatReconciliation',
  tableName: 'seat_reconciliation',
  columns: {
    subscription_id: { type: 'uuid', primary: true },
    term_start: { type: 'date', primary: true },
    due_on: { type: 'date', primary: true },
    settled_on: { type: 'date' },
    kind: { type: 'text' },
    maximum: { type: 'integer' },
    agreed: { type: 'integer' },
    seats: { type: 'integer' },
    document_id: { type: 'uuid', nullable: true },
    recorded_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'seat_reconciliation_kind', expression: `"kind" IN ('QUARTERLY', 'TRUE_UP', 'OFF')` }],
});

export const reconciliationEntities = [
  seatUsageEntity,
  waitingSeatUsageEntity,
  reconciliationTermsEntity,
  seatReconciliationEntity,
];

/** A way to reconcile, as it is stored. */
export function storedMode(text: string): ReconciliationMode {
  const mode = reconciliationModes.find((known) => known === text);
  if (mode === undefined) throw new RangeError(`Not a way to reconcile: ${text}`);
  return mode;
}
