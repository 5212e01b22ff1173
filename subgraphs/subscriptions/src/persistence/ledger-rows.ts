import type { InvoiceLineRow } from './rows.js';

/** The rows of the tables of money. A property is named as its column (see rows.ts for the forms of values). */
export interface CreditMemoRow {
  id: string;
  number: string;
  legal_entity_code: string;
  sequence_number: string;
  invoice_owner_account_id: string;
  billing_time_zone: string;
  order_id: string | null;
  voids_invoice_id: string | null;
  currency: string;
  tax_minor: string;
  total_minor: string;
  posted_at: Date;
  issued_on: string;
}

/** What a line of an invoice and of a credit memo have alike. */
export type LineColumns = Omit<InvoiceLineRow, 'invoice_id'>;

export interface CreditMemoLineRow extends LineColumns {
  credit_memo_id: string;
}

/** The last number that a legal entity gave to a credit memo. */
export interface CreditMemoNumberRow {
  legal_entity_code: string;
  last: string;
}

export interface AccountCreditRow {
  id: string;
  account_id: string;
  legal_entity_code: string;
  currency: string;
  amount_minor: string;
  source: string;
  source_id: string;
  opened_at: Date;
}

export interface AccountCreditUseRow {
  id: string;
  credit_id: string;
  invoice_id: string | null;
  refund_id: string | null;
  amount_minor: string;
  used_at: Date;
}

export interface RefundRow {
  id: string;
  payment_id: string;
  amount_minor: string;
  from_credit_minor: string;
  refunded_at: Date;
  reference: string;
}

/** An attempt to give money of a payment back. */
export interface RefundAttemptRow {
  id: string;
  payment_id: string;
  amount_minor: string;
  started_at: Date;
}

export interface RefundAttemptOutcomeRow {
  attempt_id: string;
  status: string;
  detail: string;
  settled_at: Date;
}

/** Credit that is kept for a refund. */
export interface RefundHoldRow {
  attempt_id: string;
  credit_id: string;
  amount_minor: string;
}

export interface PaymentAttemptRow {
  id: string;
  invoice_id: string;
  amount_minor: string;
  payment_method_token: string;
  started_at: Date;
}

export interface PaymentAttemptOutcomeRow {
  attempt_id: string;
  status: string;
  detail: string;
  settled_at: Date;
}

export interface WriteOffRow {
  id: string;
  invoice_id: string;
  amount_minor: string;
  reason: string;
  requested_by: string;
  requested_at: Date;
}

export interface AdjustmentRow {
  id: string;
  legal_entity_code: string;
  currency: string;
  debit: string;
  credit: string;
  amount_minor: string;
  booked_on: string;
  reason: string;
  requested_by: string;
  requested_at: Date;
}

export interface ApprovalRow {
  request_id: string;
  requested_by: string;
  approved_by: string;
  approved_at: Date;
}

export interface DunningStepRow {
  invoice_id: string;
  step: string;
  taken_on: string;
  taken_at: Date;
}

export interface LedgerEntryRow {
  id: string;
  kind: string;
  cause_id: string;
  legal_entity_code: string;
  currency: string;
  booked_on: string;
  recorded_at: Date;
  account_id: string | null;
  invoice_id: string | null;
}

export interface LedgerPostingRow {
  entry_id: string;
  ledger_account: string;
  amount_minor: string;
}

export interface AccountingPeriodRow {
  legal_entity_code: string;
  month: string;
  closed_at: Date;
  closed_by: string;
}

export interface RevenueScheduleRow {
  document_id: string;
  position: number;
  subscription_id: string;
  books_code: string;
  currency: string;
  net_minor: string;
  service_start: string;
  service_end: string;
  recognized_from: string;
  recognized_until: string;
}

/** A day whose revenue was posted, with what it came to. */
export interface RecognizedDayRow {
  books_code: string;
  currency: string;
  day: string;
  amount_minor: string;
}
