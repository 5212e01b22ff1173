import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type {
  AccountCreditRow,
  AccountCreditUseRow,
  AdjustmentRow,
  ApprovalRow,
  CreditMemoLineRow,
  CreditMemoNumberRow,
  CreditMemoRow,
  DunningStepRow,
  LineColumns,
  PaymentAttemptOutcomeRow,
  PaymentAttemptRow,
  RefundRow,
  WriteOffRow,
} from './ledger-rows.js';

/** What a line of an invoice and of a credit memo have alike. */
export const lineColumns: Record<keyof LineColumns, EntitySchemaColumnOptions> = {
  position: { type: 'integer', primary: true },
  kind: { type: 'text' },
  subscription_id: { type: 'uuid' },
  product_code: { type: 'text' },
  description: { type: 'text' },
  quantity: { type: 'integer' },
  unit_price: { type: 'numeric' },
  price_period: { type: 'text' },
  service_start: { type: 'date' },
  service_end: { type: 'date' },
  proration_ratio: { type: 'numeric' },
  proration_policy: { type: 'text' },
  amount_minor: { type: 'bigint' },
  tax_rate: { type: 'numeric' },
  tax_jurisdiction: { type: 'text' },
  tax_reason: { type: 'text' },
  tax_minor: { type: 'bigint' },
};

/** Posted credit memos: the database itself refuses to change or remove one, and to take lines that do not sum to its total. */
export const creditMemoEntity = new EntitySchema<CreditMemoRow>({
  name: 'CreditMemo',
  tableName: 'credit_memo',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'text' },
    legal_entity_code: { type: 'text' },
    sequence_number: { type: 'bigint' },
    invoice_owner_account_id: { type: 'uuid' },
    billing_time_zone: { type: 'text' },
    order_id: { type: 'uuid', nullable: true },
    voids_invoice_id: { type: 'uuid', nullable: true },
    currency: { type: 'text' },
    tax_minor: { type: 'bigint' },
    total_minor: { type: 'bigint' },
    posted_at: { type: 'timestamptz' },
    issued_on: { type: 'date' },
  },
  foreignKeys: [
    {
      name: 'credit_memo_voids_invoice_fkey',
      target: 'Invoice',
      columnNames: ['voids_invoice_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [
    { name: 'credit_memo_number_key', columns: ['number'], unique: true },
    { name: 'credit_memo_sequence', columns: ['legal_entity_code', 'sequence_number'], unique: true },
    { name: 'credit_memo_owner', columns: ['invoice_owner_account_id'] },
    { name: 'credit_memo_order', columns: ['order_id', 'invoice_owner_account_id'], unique: true },
    { name: 'credit_memo_voids', columns: ['voids_invoice_id'], unique: true },
  ],
  checks: [{ name: 'credit_memo_positive', expression: '"total_minor" > 0' }],
});

/** Lines like those of an invoice, with the signs that they would have there. */
export const creditMemoLineEntity = new EntitySchema<CreditMemoLineRow>({
  name: 'CreditMemoLine',
  tableName: 'credit_memo_line',
  columns: {
    credit_memo_id: { type: 'uuid', primary: true },
    ...lineColumns,
  },
  foreignKeys: [
    {
      name: 'credit_memo_line_credit_memo_fkey',
      target: 'CreditMemo',
      columnNames: ['credit_memo_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'credit_memo_line_subscription', columns: ['subscription_id'] }],
});

/** The last number of each legal entity, as of invoices. */
export const creditMemoNumberEntity = new EntitySchema<CreditMemoNumberRow>({
  name: 'CreditMemoNumber',
  tableName: 'credit_memo_number',
  columns: {
    legal_entity_code: { type: 'text', primary: true },
    last: { type: 'bigint' },
  },
});

/** Money of accounts that we hold, by what opened it: a document opens one. */
export const accountCreditEntity = new EntitySchema<AccountCreditRow>({
  name: 'AccountCredit',
  tableName: 'account_credit',
  columns: {
    id: { type: 'uuid', primary: true },
    account_id: { type: 'uuid' },
    legal_entity_code: { type: 'text' },
    currency: { type: 'text' },
    amount_minor: { type: 'bigint' },
    source: { type: 'text' },
    source_id: { type: 'uuid' },
    opened_at: { type: 'timestamptz' },
  },
  indices: [
    { name: 'account_credit_account', columns: ['account_id'] },
    { name: 'account_credit_source', columns: ['source', 'source_id'], unique: true },
  ],
  checks: [{ name: 'account_credit_positive', expression: '"amount_minor" > 0' }],
});

/** Money that went back: rows are only ever added. */
export const refundEntity = new EntitySchema<RefundRow>({
  name: 'Refund',
  tableName: 'refund',
  columns: {
    id: { type: 'uuid', primary: true },
    payment_id: { type: 'uuid' },
    amount_minor: { type: 'bigint' },
    from_credit_minor: { type: 'bigint' },
    refunded_at: { type: 'timestamptz' },
    reference: { type: 'text' },
  },
  foreignKeys: [
    {
      name: 'refund_payment_fkey',
      target: 'Payment',
      columnNames: ['payment_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'refund_payment', columns: ['payment_id'] }],
  checks: [{ name: 'refund_positive', expression: '"amount_minor" > 0' }],
});

/** What became of account credit: it settled an invoice, or went back with a refund. */
export const accountCreditUseEntity = new EntitySchema<AccountCreditUseRow>({
  name: 'AccountCreditUse',
  tableName: 'account_credit_use',
  columns: {
    id: { type: 'uuid', primary: true },
    credit_id: { type: 'uuid' },
    invoice_id: { type: 'uuid', nullable: true },
    refund_id: { type: 'uuid', nullable: true },
    amount_minor: { type: 'bigint' },
    used_at: { type: 'timestamptz' },
  },
  foreignKeys: [
    {
      name: 'account_credit_use_credit_fkey',
      target: 'AccountCredit',
      columnNames: ['credit_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'account_credit_use_invoice_fkey',
      target: 'Invoice',
      columnNames: ['invoice_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'account_credit_use_refund_fkey',
      target: 'Refund',
      columnNames: ['refund_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [
    { name: 'account_credit_use_credit', columns: ['credit_id'] },
    { name: 'account_credit_use_invoice', columns: ['invoice_id'] },
  ],
  checks: [
    { name: 'account_credit_use_positive', expression: '"amount_minor" > 0' },
    { name: 'account_credit_use_purpose', expression: '("invoice_id" IS NULL) <> ("refund_id" IS NULL)' },
  ],
});

/** Attempts to collect invoices. One without an outcome is pending. */
export const paymentAttemptEntity = new EntitySchema<PaymentAttemptRow>({
  name: 'PaymentAttempt',
  tableName: 'payment_attempt',
  columns: {
    id: { type: 'uuid', primary: true },
    invoice_id: { type: 'uuid' },
    amount_minor: { type: 'bigint' },
    payment_method_token: { type: 'text' },
    started_at: { type: 'timestamptz' },
  },
  foreignKeys: [
    {
      name: 'payment_attempt_invoice_fkey',
      target: 'Invoice',
      columnNames: ['invoice_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'payment_attempt_invoice', columns: ['invoice_id'] }],
  checks: [{ name: 'payment_attempt_positive', expression: '"amount_minor" > 0' }],
});

/** How attempts ended: once each. */
export const paymentAttemptOutcomeEntity = new EntitySchema<PaymentAttemptOutcomeRow>({
  name: 'PaymentAttemptOutcome',
  tableName: 'payment_attempt_outcome',
  columns: {
    attempt_id: { type: 'uuid', primary: true },
    status: { type: 'text' },
    detail: { type: 'text' },
    settled_at: { type: 'timestamptz' },
  },
  foreignKeys: [
    {
      name: 'payment_attempt_outcome_attempt_fkey',
      target: 'PaymentAttempt',
      columnNames: ['attempt_id'],
      referencedColumnNames: ['id'],
    },
  ],
});

/** Requests to give up what is due on invoices. */
export const writeOffEntity = new EntitySchema<WriteOffRow>({
  name: 'WriteOff',
  tableName: 'write_off',
  columns: {
    id: { type: 'uuid', primary: true },
    invoice_id: { type: 'uuid' },
    amount_minor: { type: 'bigint' },
    reason: { type: 'text' },
    requested_by: { type: 'text' },
    requested_at: { type: 'timestamptz' },
  },
  foreignKeys: [
    {
      name: 'write_off_invoice_fkey',
      target: 'Invoice',
      columnNames: ['invoice_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'write_off_invoice', columns: ['invoice_id'] }],
  checks: [{ name: 'write_off_positive', expression: '"amount_minor" > 0' }],
});

/** Requests to move amounts between ledger accounts. */
export const adjustmentEntity = new EntitySchema<AdjustmentRow>({
  name: 'Adjustment',
  tableName: 'adjustment',
  columns: {
    id: { type: 'uuid', primary: true },
    legal_entity_code: { type: 'text' },
    currency: { type: 'text' },
    debit: { type: 'text' },
    credit: { type: 'text' },
    amount_minor: { type: 'bigint' },
    booked_on: { type: 'date' },
    reason: { type: 'text' },
    requested_by: { type: 'text' },
    requested_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'adjustment_positive', expression: '"amount_minor" > 0' }],
});

/** That a second person agreed to a write-off or an adjustment: the database itself refuses the same person. */
export const approvalEntity = new EntitySchema<ApprovalRow>({
  name: 'Approval',
  tableName: 'approval',
  columns: {
    request_id: { type: 'uuid', primary: true },
    requested_by: { type: 'text' },
    approved_by: { type: 'text' },
    approved_at: { type: 'timestamptz' },
  },
  checks: [{ name: 'approval_second_person', expression: '"approved_by" <> "requested_by"' }],
});

/** What was done because invoices stayed unpaid: each step once. */
export const dunningStepEntity = new EntitySchema<DunningStepRow>({
  name: 'DunningStep',
  tableName: 'dunning_step',
  columns: {
    invoice_id: { type: 'uuid', primary: true },
    step: { type: 'text', primary: true },
    taken_on: { type: 'date' },
    taken_at: { type: 'timestamptz' },
  },
  foreignKeys: [
    {
      name: 'dunning_step_invoice_fkey',
      target: 'Invoice',
      columnNames: ['invoice_id'],
      referencedColumnNames: ['id'],
    },
  ],
});

export const creditEntities = [
  creditMemoEntity,
  creditMemoLineEntity,
  creditMemoNumberEntity,
  accountCreditEntity,
  refundEntity,
  accountCreditUseEntity,
  paymentAttemptEntity,
  paymentAttemptOutcomeEntity,
  writeOffEntity,
  adjustmentEntity,
  approvalEntity,
  dunningStepEntity,
] as EntitySchema[];
