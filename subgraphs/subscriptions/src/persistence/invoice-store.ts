import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { InvoiceDraft } from '../domain/invoice.js';
import type { CreditMemoDraft } from '../domain/receivables/credit-memo.js';
import type { Documents } from '../service/receivables-ports.js';
import {
  creditMemoWithLines,
  type CreditMemoWithLines,
  fromCreditMemoRow,
  toCreditMemoLineRow,
  toCreditMemoRow,
} from './credit-memo-mapping.js';
import { remainingOfCredit } from './credit-store.js';
import { insertRows } from './insert-rows.js';
import {
  fromInvoiceRow,
  invoiceWithParts,
  type InvoiceWithParts,
  toInvoiceLineRow,
  toInvoiceRow,
} from './invoice-mapping.js';
import type { InvoiceRow } from './rows.js';
import { type NumberTable, drawNumbers } from './invoice-numbers.js';

/** Posts invoices and credit memos, for use cases. */
export function createDocumentStore(manager: EntityManager): Documents {
  return {
    async post(invoices, creditMemos) {
      const invoiceRows = (await numbered(manager, 'invoice_number', invoices)).map(toInvoiceRowOf);
      const memoRows = (await numbered(manager, 'credit_memo_number', creditMemos)).map(toCreditMemoRowOf);
      await insertRows(manager, 'invoice', invoiceRows);
      await insertRows(
        manager,
        'invoice_line',
        invoices.flatMap(({ id, lines }) => lines.map((line) => toInvoiceLineRow(id, line))),
      );
      await insertRows(manager, 'credit_memo', memoRows);
      await insertRows(
        manager,
        'credit_memo_line',
        creditMemos.flatMap(({ id, lines }) => lines.map((line) => toCreditMemoLineRow(id, line))),
      );
      return new Map([...invoiceRows, ...memoRows].map(({ id, number }) => [id, number]));
    },
    async findInvoices(ids) {
      if (ids.length === 0) return [];
      const rows = await query<InvoiceWithParts>(
        manager,
        sql`SELECT ${invoiceWithParts} FROM invoice AS i WHERE i.id = ANY(${ids}::uuid[])`,
      );
      return rows.map(fromInvoiceRow);
    },
    async findCreditMemos(creditIds) {
      if (creditIds.length === 0) return [];
      const rows = await query<CreditMemoWithLines & { remaining_minor: string }>(
        manager,
        sql`SELECT memo.*, ${remainingOfCredit}::text AS remaining_minor FROM account_credit AS c
            JOIN LATERAL (SELECT ${creditMemoWithLines} FROM credit_memo AS c) AS memo ON memo.id = c.source_id
            WHERE c.id = ANY(${creditIds}::uuid[]) AND c.source = 'CREDIT_MEMO'`,
      );
      return rows.map((row) => {
        const memo = fromCreditMemoRow(row);
        return { memo, remaining: money(BigInt(row.remaining_minor), memo.currency) };
      });
    },
    async findInvoice(id) {
      const [row] = await query<InvoiceWithParts>(
        manager,
        sql`SELECT ${invoiceWithParts} FROM invoice AS i WHERE i.id = ${id}`,
      );
      return row ? fromInvoiceRow(row) : null;
    },
    async findInvoiceOfOrder(orderId, invoiceOwnerAccountId) {
      const [row] = await query<{ id: string }>(
        manager,
        sql`SELECT i.id FROM invoice AS i
            WHERE i.order_id = ${orderId} AND i.invoice_owner_account_id = ${invoiceOwnerAccountId}`,
      );
      return row?.id ?? null;
    },
    async findInvoiceOfPayment(paymentId) {
      const [row] = await query<InvoiceWithParts>(
        manager,
        sql`SELECT ${invoiceWithParts} FROM invoice AS i
            WHERE i.id = (SELECT paid.invoice_id FROM payment AS paid WHERE paid.id = ${paymentId})`,
      );
      return row ? fromInvoiceRow(row) : null;
    },
    findIssued: (id) => findIssued(manager, id),
    chargedOn: (documentId, lines) => chargedOn(manager, documentId, lines),
    isCredited: (invoiceId) => isCredited(manager, invoiceId),
  };
}

/** Whose document an invoice or a credit memo is, and when it was issued. */
async function findIssued(manager: EntityManager, id: string): ReturnType<Documents['findIssued']> {
  const [row] = await query<Pick<InvoiceRow, 'legal_entity_code' | 'invoice_owner_account_id' | 'issued_on'>>(
    manager,
    sql`SELECT legal_entity_code, invoice_owner_account_id, issued_on FROM invoice WHERE id = ${id}
        UNION ALL
        SELECT legal_entity_code, invoice_owner_account_id, issued_on FROM credit_memo WHERE id = ${id}`,
  );
  if (row === undefined) return null;
  return {
    legalEntityCode: row.legal_entity_code,
    invoiceOwnerAccountId: row.invoice_owner_account_id,
    issuedOn: localDate(row.issued_on),
  };
}

/** The newest invoice that charges for the whole period of each credit; null where none does. */
async function chargedOn(
  manager: EntityManager,
  documentId: string,
  lines: Parameters<Documents['chargedOn']>[1],
): ReturnType<Documents['chargedOn']> {
  if (lines.length === 0) return [];
  const credits = lines.map((line) => ({
    subscription_id: line.subscriptionId,
    product_code: line.productCode,
    service_start: line.serviceStart,
    service_end: line.serviceEnd,
  }));
  const rows = await query<{ invoice_id: string | null }>(
    manager,
    sql`SELECT charge.invoice_id
        FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(credits)}) AS
               (subscription_id uuid, product_code text, service_start date, service_end date))
             WITH ORDINALITY AS credit (subscription_id, product_code, service_start, service_end, place)
        LEFT JOIN LATERAL (
          SELECT l.invoice_id FROM invoice_line AS l JOIN invoice AS i ON i.id = l.invoice_id
          WHERE l.subscription_id = credit.subscription_id AND l.product_code = credit.product_code
            AND l.kind = 'CHARGE' AND l.invoice_id <> ${documentId}
            AND l.service_start <= credit.service_start AND l.service_end >= credit.service_end
          ORDER BY i.posted_at DESC, i.sequence_number DESC LIMIT 1
        ) AS charge ON true
        ORDER BY credit.place`,
  );
  return rows.map((row) => row.invoice_id);
}

/** True when a later document gives back a part of what an invoice charges. */
async function isCredited(manager: EntityManager, invoiceId: string): Promise<boolean> {
  const rows = await query(
    manager,
    sql`WITH back AS (
          SELECT l.invoice_id AS document_id, d.posted_at, l.subscription_id, l.product_code, l.service_start, l.service_end
          FROM invoice_line AS l
          JOIN invoice AS d ON d.id = l.invoice_id WHERE l.kind = 'CREDIT'
          UNION ALL
          SELECT l.credit_memo_id AS document_id, d.posted_at, l.subscription_id, l.product_code, l.service_start, l.service_end
          FROM credit_memo_line AS l
          JOIN credit_memo AS d ON d.id = l.credit_memo_id WHERE l.kind = 'CREDIT')
        SELECT FROM invoice AS i
        JOIN invoice_line AS charged ON charged.invoice_id = i.id AND charged.kind = 'CHARGE'
        JOIN back ON back.subscription_id = charged.subscription_id AND back.product_code = charged.product_code
          AND back.service_start < charged.service_end AND charged.service_start < back.service_end
          AND back.posted_at >= i.posted_at AND back.document_id <> i.id
        WHERE i.id = ${invoiceId}
        LIMIT 1`,
  );
  return rows.length > 0;
}

interface Numbered<Draft> {
  readonly draft: Draft;
  readonly sequence: bigint;
}

const toInvoiceRowOf = ({ draft, sequence }: Numbered<InvoiceDraft>) => toInvoiceRow(draft, sequence);
const toCreditMemoRowOf = ({ draft, sequence }: Numbered<CreditMemoDraft>) =>
  toCreditMemoRow(draft, sequence);

async function numbered<Draft extends { readonly legalEntityCode: string }>(
  manager: EntityManager,
  table: NumberTable,
  drafts: readonly Draft[],
): Promise<Numbered<Draft>[]> {
  const next = await drawNumbers(
    manager,
    table,
    drafts.map(({ legalEntityCode }) => legalEntityCode),
  );
  return drafts.map((draft) => ({ draft, sequence: next(draft.legalEntityCode) }));
}
