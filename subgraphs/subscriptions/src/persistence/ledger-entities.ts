import { EntitySchema } from 'typeorm';
import type {
  AccountingPeriodRow,
  LedgerEntryRow,
  LedgerPostingRow,
  RecognizedDayRow,
  RevenueScheduleRow,
} from './ledger-rows.js';

/** The ledger: the database itself refuses a change, an entry that does not sum to zero, and one in a closed period. */
export const ledgerEntryEntity = new EntitySchema<LedgerEntryRow>({
  name: 'LedgerEntry',
  tableName: 'ledger_entry',
  columns: {
    id: { type: 'uuid', primary: true },
    kind: { type: 'text' },
    cause_id: { type: 'text' },
    legal_entity_code: { type: 'text' },
    currency: { type: 'text' },
    booked_on: { type: 'date' },
    recorded_at: { type: 'timestamptz' },
    account_id: { type: 'uuid', nullable: true },
    invoice_id: { type: 'uuid', nullable: true },
  },
  indices: [
    { name: 'ledger_entry_cause', columns: ['kind', 'cause_id'], unique: true },
    { name: 'ledger_entry_books', columns: ['legal_entity_code', 'currency', 'booked_on'] },
    { name: 'ledger_entry_account', columns: ['account_id'], where: '"account_id" IS NOT NULL' },
    { name: 'ledger_entry_invoice', columns: ['invoice_id'], where: '"invoice_id" IS NOT NULL' },
  ],
});

/** The sides of entries: a debit is positive, a credit negative. */
export const ledgerPostingEntity = new EntitySchema<LedgerPostingRow>({
  name: 'LedgerPosting',
  tableName: 'ledger_posting',
  columns: {
    entry_id: { type: 'uuid', primary: true },
    ledger_account: { type: 'text', primary: true },
    amount_minor: { type: 'bigint' },
  },
  foreignKeys: [
    {
      name: 'ledger_posting_entry_fkey',
      target: 'LedgerEntry',
      columnNames: ['entry_id'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [{ name: 'ledger_posting_moves', expression: '"amount_minor" <> 0' }],
});

/** Months that were closed, with every month before. A month is never opened again. */
export const accountingPeriodEntity = new EntitySchema<AccountingPeriodRow>({
  name: 'AccountingPeriod',
  tableName: 'accounting_period',
  columns: {
    legal_entity_code: { type: 'text', primary: true },
    month: { type: 'date', primary: true },
    closed_at: { type: 'timestamptz' },
    closed_by: { type: 'text' },
  },
  checks: [{ name: 'accounting_period_first_day', expression: 'EXTRACT(day FROM "month") = 1' }],
});

/** How lines are earned, by books: those of a legal entity, or of one sandbox account. Nothing is earned before `recognized_from`, and all of it before `recognized_until`. */
export const revenueScheduleEntity = new EntitySchema<RevenueScheduleRow>({
  name: 'RevenueSchedule',
  tableName: 'revenue_schedule',
  columns: {
    document_id: { type: 'uuid', primary: true },
    position: { type: 'integer', primary: true },
    subscription_id: { type: 'uuid' },
    books_code: { type: 'text' },
    currency: { type: 'text' },
    net_minor: { type: 'bigint' },
    service_start: { type: 'date' },
    service_end: { type: 'date' },
    recognized_from: { type: 'date' },
    recognized_until: { type: 'date' },
  },
  indices: [{ name: 'revenue_schedule_books', columns: ['books_code', 'currency', 'recognized_until'] }],
});

/** The days whose revenue was posted, without a gap, and what each came to. */
export const recognizedDayEntity = new EntitySchema<RecognizedDayRow>({
  name: 'RecognizedDay',
  tableName: 'recognized_day',
  columns: {
    books_code: { type: 'text', primary: true },
    currency: { type: 'text', primary: true },
    day: { type: 'date', primary: true },
    amount_minor: { type: 'bigint' },
  },
});

export const ledgerEntities = [
  ledgerEntryEntity,
  ledgerPostingEntity,
  accountingPeriodEntity,
  revenueScheduleEntity,
  recognizedDayEntity,
] as EntitySchema[];
