import { EntitySchema } from 'typeorm';

/** Rows are in the form of `rows.ts`: a property is named as its column. */
export interface SeatUsageRow {
  subscription_id: string;
  term_start: string;
  term_end: string;
  account_id: string;
  sequence: number;
  used: number;
  maximum: number;
  quarters: { start: string; end: string; maximum: number }[];
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
    maximum: { type: 'integer' },
    quarters: { type: 'jsonb' },
    reported_at: { type: 'timestamptz' },
    reconcile_on: { type: 'date' },
    reconcile_at: { type: 'timestamptz' },
  },
  indices: [
    { name: 'seat_usage_reconcile_at', columns: ['reconcile_at'] },
    { name: 'seat_usage_account', columns: ['account_id'] },
  ],
});

export interface ReconciliationTermsRow {
  account_id: string;
  mode: string;
  set_by: string;
  set_at: Date;
}

/** What was agreed with single accounts about use beyond their seats; for all others the rules decide. */
export const reconciliationTermsEntity = new EntitySchema<ReconciliationTermsRow>({
  name: 'ReconciliationTerms',
  tableName: 'reconciliation_terms',
  columns: {
    account_id: { type: 'uuid', primary: true },
    mode: { type: 'text' },
    set_by: { type: 'text' },
    set_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'reconciliation_terms_mode', expression: `"mode" IN ('QUARTERLY', 'TRUE_UP', 'OFF')` }],
});

export interface SeatReconciliationRow {
  subscription_id: string;
  term_start: string;
  due_on: string;
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
    kind: { type: 'text' },
    maximum: { type: 'integer' },
    agreed: { type: 'integer' },
    seats: { type: 'integer' },
    document_id: { type: 'uuid', nullable: true },
    recorded_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'seat_reconciliation_kind', expression: `"kind" IN ('QUARTERLY', 'TRUE_UP')` }],
});

export const reconciliationEntities = [seatUsageEntity, reconciliationTermsEntity, seatReconciliationEntity];
