import { localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, money } from '@fulfillment/kernel/domain/money';
import sql, { type Sql } from 'sql-template-tag';
import type { Invoice, InvoiceDraft, InvoiceLine, Payment } from '../domain/invoice.js';
import { invoiceNumber, paymentOrigins } from '../domain/invoice.js';
import { storedCurrency } from './account-mapping.js';
import { fromLineColumns, linesAsJson, stored, toLineColumns } from './invoice-line-mapping.js';
import type { InvoiceLineRow, InvoiceRow, PaymentRow } from './rows.js';

/** An invoice with its lines and what became of it, as one statement gives it. Instants within JSON are ISO 8601. */
export type InvoiceWithParts = InvoiceRow & {
  readonly lines: readonly InvoiceLineRow[];
  readonly payments: readonly (Omit<PaymentRow, 'received_at'> & { readonly received_at: string })[];
  readonly credits: readonly {
    readonly credit_id: string;
    readonly amount_minor: string;
    readonly used_at: string;
  }[];
  readonly written_off_minor: string;
  readonly voided_by: string | null;
};

/** What a query of invoices `i` selects for `fromInvoiceRow`. */
export const invoiceWithParts: Sql = sql`
  i.*,
  ${linesAsJson('invoice_line', 'l.invoice_id = i.id')} AS lines,
  (SELECT coalesce(json_agg(to_jsonb(p) || jsonb_build_object(
            'amount_minor', p.amount_minor::text, 'overpaid_minor', p.overpaid_minor::text)
            ORDER BY p.received_at, p.id), '[]')
   FROM payment AS p WHERE p.invoice_id = i.id) AS payments,
  (SELECT coalesce(json_agg(json_build_object(
            'credit_id', u.credit_id, 'amount_minor', u.amount_minor::text, 'used_at', u.used_at)
            ORDER BY u.used_at, u.id), '[]')
   FROM account_credit_use AS u WHERE u.invoice_id = i.id) AS credits,
  (SELECT coalesce(sum(w.amount_minor), 0)::text
   FROM write_off AS w JOIN approval AS a ON a.request_id = w.id WHERE w.invoice_id = i.id) AS written_off_minor,
  (SELECT c.id FROM credit_memo AS c WHERE c.voids_invoice_id = i.id) AS voided_by`;

/** What is due on an invoice `i`, in minor units: `amountDue` of domain/invoice.ts, for sums and conditions. */
export const amountDueOfInvoice: Sql = sql`(
  i.total_minor
  - coalesce((SELECT sum(p.amount_minor - p.overpaid_minor) FROM payment AS p WHERE p.invoice_id = i.id), 0)
  - coalesce((SELECT sum(u.amount_minor) FROM account_credit_use AS u WHERE u.invoice_id = i.id), 0)
  - coalesce((SELECT sum(w.amount_minor) FROM write_off AS w JOIN approval AS a ON a.request_id = w.id
              WHERE w.invoice_id = i.id), 0))`;

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
    tax_minor: draft.tax.minor.toString(),
    total_minor: draft.total.minor.toString(),
    posted_at: draft.postedAt,
    issued_on: draft.issuedOn,
    due_on: draft.dueOn,
  };
}

export function toInvoiceLineRow(invoiceId: string, line: InvoiceLine): InvoiceLineRow {
  return { invoice_id: invoiceId, ...toLineColumns(line) };
}

export function toPaymentRow(payment: Payment): PaymentRow {
  return {
    id: payment.id,
    invoice_id: payment.invoiceId,
    amount_minor: payment.amount.minor.toString(),
    overpaid_minor: payment.overpaid.minor.toString(),
    received_at: payment.receivedAt,
    reference: payment.reference,
    origin: payment.origin,
  };
}

export function fromInvoiceRow(row: InvoiceWithParts): Invoice {
  const currency = storedCurrency(row.currency);
  const amount = (minor: string) => money(BigInt(minor), currency);
  const [tax, total] = [amount(row.tax_minor), amount(row.total_minor)];
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
    lines: row.lines.map((line) => fromLineColumns(line, currency)),
    net: money(total.minor - tax.minor, currency),
    tax,
    total,
    payments: row.payments.map((payment) => fromPaymentJson(payment, currency)),
    creditsApplied: row.credits.map((credit) => ({
      creditId: credit.credit_id,
      amount: amount(credit.amount_minor),
      appliedAt: new Date(credit.used_at),
    })),
    writtenOff: amount(row.written_off_minor),
    voidedBy: row.voided_by,
  };
}

function fromPaymentJson(row: InvoiceWithParts['payments'][number], currency: CurrencyCode): Payment {
  return {
    id: row.id,
    invoiceId: row.invoice_id,
    amount: money(BigInt(row.amount_minor), currency),
    overpaid: money(BigInt(row.overpaid_minor), currency),
    receivedAt: new Date(row.received_at),
    reference: row.reference,
    origin: stored('origin of a payment', paymentOrigins, row.origin),
  };
}
