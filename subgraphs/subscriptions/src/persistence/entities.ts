import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { creditEntities, lineColumns } from './credit-entities.js';
import { reconciliationEntities } from './reconciliation-entities.js';
import { refundEntities } from './refund-entities.js';
import { draftEntities } from './draft-rows.js';
import { ledgerEntities } from './ledger-entities.js';
import { setAsideEntity } from './set-aside-rows.js';
import type {
  AccountRow,
  BillingScheduleRow,
  InvoiceLineRow,
  InvoiceNumberRow,
  InvoiceRow,
  OrderOutcomeRow,
  PartnerRow,
  PaymentRow,
  ScheduledOrderRow,
  SubscriptionRow,
  SubscriptionVersionRow,
  TestClockTargetRow,
  WaitingOrderRow,
} from './rows.js';

/** The projection of orders' accounts. */
export const accountEntity = new EntitySchema<AccountRow>({
  name: 'Account',
  tableName: 'account',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    country_code: { type: 'text' },
    billing_time_zone: { type: 'text' },
    currency: { type: 'text' },
    legal_entity_code: { type: 'text' },
    payment_terms_days: { type: 'integer' },
    sandbox: { type: 'boolean' },
  },
});

/** The projection of partners. */
export const partnerEntity = new EntitySchema<PartnerRow>({
  name: 'Partner',
  tableName: 'partner',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    kind: { type: 'text' },
    contact_email: { type: 'text' },
    distributor_id: { type: 'uuid', nullable: true },
  },
  indices: [{ name: 'partner_distributor', columns: ['distributor_id'] }],
});

/** What never changes of a subscription. */
export const subscriptionEntity = new EntitySchema<SubscriptionRow>({
  name: 'BillingSubscription',
  tableName: 'billing_subscription',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'text' },
    deployment_id: { type: 'uuid' },
    deployment_kind: { type: 'text' },
    deployment_external_id: { type: 'text' },
    deployment_name: { type: 'text' },
    currency: { type: 'text' },
    created_at: { type: 'timestamptz' },
  },
  indices: [
    { name: 'billing_subscription_number_key', columns: ['number'], unique: true },
    { name: 'billing_subscription_deployment', columns: ['deployment_id'] },
  ],
});

type VersionColumns = Record<Exclude<keyof SubscriptionVersionRow, 'version'>, EntitySchemaColumnOptions>;

/** What a version and the head have alike. */
const versionColumns: VersionColumns = {
  subscription_id: { type: 'uuid', primary: true },
  cause: { type: 'text' },
  order_id: { type: 'uuid', nullable: true },
  recorded_by: { type: 'text' },
  recorded_at: { type: 'timestamptz' },
  effective_on: { type: 'date' },
  account_id: { type: 'uuid' },
  invoice_owner_account_id: { type: 'uuid' },
  partner_of_record_id: { type: 'uuid', nullable: true },
  distributor_id: { type: 'uuid', nullable: true },
  billing_time_zone: { type: 'text' },
  trial: { type: 'boolean' },
  auto_renewal: { type: 'boolean' },
  term_start: { type: 'date' },
  term_end: { type: 'date' },
  term_months: { type: 'integer', nullable: true },
  canceled_on: { type: 'date', nullable: true },
  plan_code: { type: 'text' },
  quantity: { type: 'integer' },
  agreement: { type: 'jsonb' },
};

/** The history of subscriptions: the database itself refuses to change or remove a row. */
export const subscriptionVersionEntity = new EntitySchema<SubscriptionVersionRow>({
  name: 'BillingSubscriptionVersion',
  tableName: 'billing_subscription_version',
  columns: { ...versionColumns, version: { type: 'integer', primary: true } },
  foreignKeys: [
    {
      name: 'billing_subscription_version_subscription_fkey',
      target: 'BillingSubscription',
      columnNames: ['subscription_id'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [
    { name: 'billing_subscription_version_from_1', expression: '"version" >= 1' },
    { name: 'billing_subscription_version_term', expression: '"term_start" < "term_end"' },
  ],
});

/** The newest version of each subscription, to list and filter by: made from the history and from nothing else. */
export const subscriptionHeadEntity = new EntitySchema<SubscriptionVersionRow>({
  name: 'BillingSubscriptionHead',
  tableName: 'billing_subscription_head',
  columns: { ...versionColumns, version: { type: 'integer' } },
  foreignKeys: [
    {
      name: 'billing_subscription_head_subscription_fkey',
      target: 'BillingSubscription',
      columnNames: ['subscription_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [
    { name: 'billing_subscription_head_account', columns: ['account_id'] },
    { name: 'billing_subscription_head_partner', columns: ['partner_of_record_id'] },
    {
      name: 'billing_subscription_head_renewal',
      columns: ['term_end', 'subscription_id'],
      where: '"canceled_on" IS NULL',
    },
  ],
});

/** How far each subscription is billed, and the instant at which something falls due for it by itself. */
export const billingScheduleEntity = new EntitySchema<BillingScheduleRow>({
  name: 'BillingSchedule',
  tableName: 'billing_schedule',
  columns: {
    subscription_id: { type: 'uuid', primary: true },
    account_id: { type: 'uuid' },
    billed_until: { type: 'date' },
    due_at: { type: 'timestamptz', nullable: true },
  },
  foreignKeys: [
    {
      name: 'billing_schedule_subscription_fkey',
      target: 'BillingSubscription',
      columnNames: ['subscription_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [
    { name: 'billing_schedule_due', columns: ['due_at'], where: '"due_at" IS NOT NULL' },
    { name: 'billing_schedule_account', columns: ['account_id'] },
  ],
});

/** Orders that were taken for a later day. */
export const scheduledOrderEntity = new EntitySchema<ScheduledOrderRow>({
  name: 'ScheduledOrder',
  tableName: 'scheduled_order',
  columns: {
    order_id: { type: 'uuid', primary: true },
    account_id: { type: 'uuid' },
    due_at: { type: 'timestamptz' },
    payload: { type: 'jsonb' },
  },
  indices: [{ name: 'scheduled_order_due', columns: ['due_at'] }],
});

/** Where the test clocks of sandbox accounts are going. */
export const testClockTargetEntity = new EntitySchema<TestClockTargetRow>({
  name: 'TestClockTarget',
  tableName: 'test_clock_target',
  columns: {
    account_id: { type: 'uuid', primary: true },
    target: { type: 'timestamptz' },
    settled: { type: 'boolean' },
  },
});

/** Posted invoices: the database itself refuses to change or remove one, and to take lines that do not sum to its total. */
export const invoiceEntity = new EntitySchema<InvoiceRow>({
  name: 'Invoice',
  tableName: 'invoice',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'text' },
    legal_entity_code: { type: 'text' },
    sequence_number: { type: 'bigint' },
    invoice_owner_account_id: { type: 'uuid' },
    billing_time_zone: { type: 'text' },
    order_id: { type: 'uuid', nullable: true },
    currency: { type: 'text' },
    tax_minor: { type: 'bigint' },
    total_minor: { type: 'bigint' },
    posted_at: { type: 'timestamptz' },
    issued_on: { type: 'date' },
    due_on: { type: 'date' },
  },
  indices: [
    { name: 'invoice_number_key', columns: ['number'], unique: true },
    { name: 'invoice_sequence', columns: ['legal_entity_code', 'sequence_number'], unique: true },
    { name: 'invoice_owner', columns: ['invoice_owner_account_id'] },
    { name: 'invoice_order', columns: ['order_id', 'invoice_owner_account_id'], unique: true },
  ],
});

export const invoiceLineEntity = new EntitySchema<InvoiceLineRow>({
  name: 'InvoiceLine',
  tableName: 'invoice_line',
  columns: {
    invoice_id: { type: 'uuid', primary: true },
    ...lineColumns,
  },
  foreignKeys: [
    {
      name: 'invoice_line_invoice_fkey',
      target: 'Invoice',
      columnNames: ['invoice_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'invoice_line_subscription_fkey',
      target: 'BillingSubscription',
      columnNames: ['subscription_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'invoice_line_subscription', columns: ['subscription_id'] }],
});

/** Money received: rows are only ever added. */
export const paymentEntity = new EntitySchema<PaymentRow>({
  name: 'Payment',
  tableName: 'payment',
  columns: {
    id: { type: 'uuid', primary: true },
    invoice_id: { type: 'uuid' },
    amount_minor: { type: 'bigint' },
    overpaid_minor: { type: 'bigint' },
    received_at: { type: 'timestamptz' },
    reference: { type: 'text' },
    origin: { type: 'text' },
  },
  checks: [{ name: 'payment_origin', expression: `"origin" IN ('RECORDED', 'COLLECTED', 'CHECKOUT')` }],
  foreignKeys: [
    {
      name: 'payment_invoice_fkey',
      target: 'Invoice',
      columnNames: ['invoice_id'],
      referencedColumnNames: ['id'],
    },
  ],
  indices: [{ name: 'payment_invoice', columns: ['invoice_id'] }],
});

/** The last number of each legal entity: its row is locked while an invoice is posted, so no number is lost or doubled. */
export const invoiceNumberEntity = new EntitySchema<InvoiceNumberRow>({
  name: 'InvoiceNumber',
  tableName: 'invoice_number',
  columns: {
    legal_entity_code: { type: 'text', primary: true },
    last: { type: 'bigint' },
  },
});

/** Orders that came before one of their accounts. */
export const waitingOrderEntity = new EntitySchema<WaitingOrderRow>({
  name: 'WaitingOrder',
  tableName: 'waiting_order',
  columns: {
    order_id: { type: 'uuid', primary: true },
    account_ids: { type: 'uuid', array: true },
    payload: { type: 'jsonb' },
  },
  // A GIN index, which an entity cannot describe: the migration makes it.
  indices: [{ name: 'waiting_order_accounts', columns: ['account_ids'], synchronize: false }],
});

/** Every order that was decided: its key is what keeps an order from being carried out twice. */
export const orderOutcomeEntity = new EntitySchema<OrderOutcomeRow>({
  name: 'OrderOutcome',
  tableName: 'order_outcome',
  columns: {
    order_id: { type: 'uuid', primary: true },
    outcome: { type: 'text' },
    reason: { type: 'text', nullable: true },
    decided_at: { type: 'timestamptz' },
  },
});

export const entities = [
  accountEntity,
  partnerEntity,
  subscriptionEntity,
  subscriptionVersionEntity,
  subscriptionHeadEntity,
  billingScheduleEntity,
  scheduledOrderEntity,
  testClockTargetEntity,
  invoiceEntity,
  invoiceLineEntity,
  paymentEntity,
  invoiceNumberEntity,
  waitingOrderEntity,
  orderOutcomeEntity,
  setAsideEntity,
  ...creditEntities,
  ...refundEntities,
  ...reconciliationEntities,
  ...ledgerEntities,
  ...draftEntities,
] as EntitySchema[];
