import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import sql, { type Sql } from 'sql-template-tag';
import type { InvoiceLine } from '../domain/invoice.js';
import {
  type CreditMemo,
  type CreditMemoDraft,
  creditMemoNumber,
} from '../domain/receivables/credit-memo.js';
import { storedCurrency } from './account-mapping.js';
import { fromLineColumns, linesAsJson, toLineColumns } from './invoice-line-mapping.js';
import type { CreditMemoLineRow, CreditMemoRow } from './ledger-rows.js';

export type CreditMemoWithLines = CreditMemoRow & { readonly lines: readonly CreditMemoLineRow[] };

/** What a query of credit memos `c` selects for `fromCreditMemoRow`. */
export const creditMemoWithLines: Sql = sql`
  c.*, ${linesAsJson('credit_memo_line', 'l.credit_memo_id = c.id')} AS lines`;

export function toCreditMemoRow(draft: CreditMemoDraft, sequence: bigint): CreditMemoRow {
  return {
    id: draft.id,
    number: creditMemoNumber(draft.legalEntityCode, sequence),
    legal_entity_code: draft.legalEntityCode,
    sequence_number: sequence.toString(),
    invoice_owner_account_id: draft.invoiceOwnerAccountId,
    billing_time_zone: draft.billingTimeZone,
    order_id: draft.orderId,
    voids_invoice_id: draft.voidsInvoiceId,
    currency: draft.currency,
    tax_minor: draft.tax.minor.toString(),
    total_minor: draft.total.minor.toString(),
    posted_at: draft.postedAt,
    issued_on: draft.issuedOn,
  };
}

export function toCreditMemoLineRow(creditMemoId: string, line: InvoiceLine): CreditMemoLineRow {
  return { credit_memo_id: creditMemoId, ...toLineColumns(line) };
}

export function fromCreditMemoRow(row: CreditMemoWithLines): CreditMemo {
  const currency = storedCurrency(row.currency);
  const [tax, total] = [BigInt(row.tax_minor), BigInt(row.total_minor)];
  return {
    id: row.id,
    number: row.number,
    legalEntityCode: row.legal_entity_code,
    invoiceOwnerAccountId: row.invoice_owner_account_id,
    billingTimeZone: row.billing_time_zone,
    orderId: row.order_id,
    voidsInvoiceId: row.voids_invoice_id,
    currency,
    postedAt: row.posted_at,
    issuedOn: localDate(row.issued_on),
    lines: row.lines.map((line) => fromLineColumns(line, currency)),
    net: money(total - tax, currency),
    tax: money(tax, currency),
    total: money(total, currency),
  };
}
