import { type ProrationPolicyName, prorationPolicyNames } from '@fulfillment/kernel/domain/billing/proration';
import { type PricePeriod, pricePeriods } from '@fulfillment/kernel/domain/billing/unit-price';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, money } from '@fulfillment/kernel/domain/money';
import type { Invoice, InvoiceDraft, InvoiceLine, Payment } from '../domain/invoice.js';
import { invoiceNumber } from '../domain/invoice.js';
import { storedCurrency } from './account-mapping.js';
import type { InvoiceLineRow, InvoiceRow, PaymentRow } from './rows.js';

/** An invoice with its lines and payments, as one statement gives it. Instants within JSON are ISO 8601. */
export type InvoiceWithParts = InvoiceRow & {
  readonly lines: readonly InvoiceLineRow[];
  readonly payments: readonly (Omit<PaymentRow, 'received_at'> & { readonly received_at: string })[];
};

export function toInvoiceRow(draft: InvoiceDraft, sequence: bigint): InvoiceRow {
  return {
    id: draft.id,
    number: invoiceNumber(draft.legalEntityCode, sequence),
    legal_entity_code: draft.legalEntityCode,
    sequence_number: sequence.toString(),
    invoice_owner_account_id: draft.invoiceOwnerAccountId,
    billing_time_zone: draft.billingTimeZone,
    order_id: draft.orderId,
    currency: draft.currency,
    total_minor: draft.total.minor.toString(),
    posted_at: draft.postedAt,
    issued_on: draft.issuedOn,
    due_on: draft.dueOn,
  };
}

export function toInvoiceLineRow(invoiceId: string, line: InvoiceLine): InvoiceLineRow {
  return {
    invoice_id: invoiceId,
    position: line.position,
    subscription_id: line.subscriptionId,
    product_code: line.productCode,
    description: line.description,
    quantity: line.quantity,
    unit_price: line.unitPrice,
    price_period: line.pricePeriod,
    service_start: line.serviceStart,
    service_end: line.serviceEnd,
    proration_ratio: line.prorationRatio,
    proration_policy: line.prorationPolicy,
    amount_minor: line.amount.minor.toString(),
  };
}

export function toPaymentRow(payment: Payment): PaymentRow {
  return {
    id: payment.id,
    invoice_id: payment.invoiceId,
    amount_minor: payment.amount.minor.toString(),
    received_at: payment.receivedAt,
    reference: payment.reference,
  };
}

export function fromInvoiceRow(row: InvoiceWithParts): Invoice {
  const currency = storedCurrency(row.currency);
  return {
    id: row.id,
    number: row.number,
    legalEntityCode: row.legal_entity_code,
    invoiceOwnerAccountId: row.invoice_owner_account_id,
    billingTimeZone: row.billing_time_zone,
    orderId: row.order_id,
    currency,
    postedAt: row.posted_at,
    issuedOn: localDate(row.issued_on),
    dueOn: localDate(row.due_on),
    lines: row.lines.map((line) => fromLineRow(line, currency)),
    total: money(BigInt(row.total_minor), currency),
    payments: row.payments.map((payment) => ({
      id: payment.id,
      invoiceId: payment.invoice_id,
      amount: money(BigInt(payment.amount_minor), currency),
      receivedAt: new Date(payment.received_at),
      reference: payment.reference,
    })),
  };
}

function fromLineRow(row: InvoiceLineRow, currency: CurrencyCode): InvoiceLine {
  return {
    position: row.position,
    subscriptionId: row.subscription_id,
    productCode: row.product_code,
    description: row.description,
    quantity: row.quantity,
    unitPrice: row.unit_price,
    pricePeriod: storedPricePeriod(row.price_period),
    serviceStart: localDate(row.service_start),
    serviceEnd: localDate(row.service_end),
    prorationRatio: row.proration_ratio,
    prorationPolicy: storedPolicy(row.proration_policy),
    amount: money(BigInt(row.amount_minor), currency),
  };
}

function storedPricePeriod(text: string): PricePeriod {
  const period = pricePeriods.find((known) => known === text);
  if (period === undefined) throw new RangeError(`Not a price period: ${text}`);
  return period;
}

function storedPolicy(text: string): ProrationPolicyName {
  const policy = prorationPolicyNames.find((known) => known === text);
  if (policy === undefined) throw new RangeError(`Not a proration policy: ${text}`);
  return policy;
}
