import type { OrderPayload } from '@fulfillment/schema/events/orders';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import type { Plain } from '@fulfillment/kernel/domain/agreement/contract';
import type { VersionCause } from '../domain/subscription.js';

/**
 * The rows of this service's tables. A property is named as its column, so that one form serves what is inserted, copied
 * and read: bigint and numeric are decimal strings, dates 'YYYY-MM-DD', instants Date.
 */
export interface AccountRow {
  id: string;
  name: string;
  country_code: string;
  billing_time_zone: string;
  currency: string;
  legal_entity_code: string;
  payment_terms_days: number;
  sandbox: boolean;
}

export interface PartnerRow {
  id: string;
  name: string;
  kind: string;
  contact_email: string;
  distributor_id: string | null;
}

/** What never changes of a subscription. */
export interface SubscriptionRow {
  id: string;
  number: string;
  deployment_id: string;
  deployment_kind: string;
  deployment_external_id: string;
  deployment_name: string;
  currency: string;
  created_at: Date;
}

/** One version of a subscription, and with `subscription_id` alone as its key the head. */
export interface SubscriptionVersionRow {
  subscription_id: string;
  version: number;
  cause: VersionCause;
  order_id: string | null;
  recorded_by: string;
  recorded_at: Date;
  effective_on: string;
  account_id: string;
  invoice_owner_account_id: string;
  partner_of_record_id: string | null;
  distributor_id: string | null;
  billing_time_zone: string;
  trial: boolean;
  auto_renewal: boolean;
  term_start: string;
  term_end: string;
  term_months: number | null;
  canceled_on: string | null;
  /** Of the plan among the items: the code and the seats, to filter and sort by. */
  plan_code: string;
  quantity: number;
  /** Everything that was agreed; the columns from `trial` on repeat of it what lists are filtered and sorted by. */
  agreement: Plain<Agreement>;
}

/** How far a subscription is billed, and when something falls due for it by itself. */
export interface BillingScheduleRow {
  subscription_id: string;
  account_id: string;
  billed_until: string;
  due_at: Date | null;
}

/** An order whose day has not come. */
export interface ScheduledOrderRow {
  order_id: string;
  account_id: string;
  due_at: Date;
  payload: OrderPayload;
}

export interface InvoiceRow {
  id: string;
  number: string;
  legal_entity_code: string;
  sequence_number: string;
  invoice_owner_account_id: string;
  billing_time_zone: string;
  order_id: string | null;
  currency: string;
  /** The part of the total that is tax. */
  tax_minor: string;
  total_minor: string;
  posted_at: Date;
  issued_on: string;
  due_on: string;
}

export interface InvoiceLineRow {
  invoice_id: string;
  position: number;
  kind: string;
  subscription_id: string;
  product_code: string;
  description: string;
  quantity: number;
  unit_price: string;
  price_period: string;
  service_start: string;
  service_end: string;
  proration_ratio: string;
  proration_policy: string;
  amount_minor: string;
  /** In per cent. */
  tax_rate: string;
  tax_jurisdiction: string;
  tax_reason: string;
  tax_minor: string;
}

export interface PaymentRow {
  id: string;
  invoice_id: string;
  amount_minor: string;
  /** The part that was not due any more. */
  overpaid_minor: string;
  received_at: Date;
  reference: string;
  origin: string;
}

/** The last number that a legal entity gave to an invoice. */
export interface InvoiceNumberRow {
  legal_entity_code: string;
  last: string;
}

export interface WaitingOrderRow {
  order_id: string;
  /** Every account that it names. */
  account_ids: string[];
  payload: OrderPayload;
}

/** Where a test clock is going. */
export interface TestClockTargetRow {
  account_id: string;
  target: Date;
  settled: boolean;
}

export interface OrderOutcomeRow {
  order_id: string;
  outcome: 'FULFILLED' | 'REFUSED';
  reason: string | null;
  decided_at: Date;
}
