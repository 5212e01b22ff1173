import { type Money, money } from '@fulfillment/kernel/domain/money';
import type { Invoice, InvoiceLine } from '../domain/invoice.js';
import { type CreditedPart, creditedParts, givesBack } from '../domain/receivables/credited-part.js';
import type { CreditMemoDraft } from '../domain/receivables/credit-memo.js';
import type { DocumentDraft } from '../domain/receivables/document.js';
import { partnerInvoicePayload } from './domain-to-contract.js';
import type { UnitOfWork } from './ports.js';

/** A document that was posted for what a partner sold. */
export interface SoldDocument {
  readonly partnerId: string;
  readonly document: DocumentDraft;
  readonly number: string;
}

/** Tells a partner of a document of what it sold, and of which earlier invoices it gives a part back. */
export async function tellPartner(work: UnitOfWork, sold: SoldDocument, at: Date): Promise<void> {
  const { draft } = sold.document;
  const credits = await partsGivenBack(work, draft.id, draft.lines);
  await announce(work, sold, credits, at);
}

/**
 * Tells a partner that an invoice of what it sold was taken back as a whole: its charges are given back, and what it gave back of
 * earlier invoices is charged again.
 */
export async function tellPartnerOfVoid(
  work: UnitOfWork,
  sold: Omit<SoldDocument, 'document'> & { readonly memo: CreditMemoDraft; readonly invoice: Invoice },
  at: Date,
): Promise<void> {
  const { invoice, memo } = sold;
  const earlier = await chargedOn(work, invoice.id, invoice.lines);
  const invoiceIds = invoice.lines.map((line, index) =>
    givesBack(line) ? (earlier[index] ?? null) : invoice.id,
  );
  const credits = creditedParts(memo.lines, invoiceIds, memo.currency);
  await announce(work, { ...sold, document: { kind: 'CREDIT_MEMO', draft: memo } }, credits, at);
}

async function partsGivenBack(
  work: UnitOfWork,
  documentId: string,
  lines: readonly InvoiceLine[],
): Promise<CreditedPart[]> {
  const [first] = lines;
  if (first === undefined || !lines.some(givesBack)) return [];
  return creditedParts(lines, await chargedOn(work, documentId, lines), first.amount.currency);
}

/** The invoice that each line gives a part back of; null for the other lines. */
async function chargedOn(
  work: UnitOfWork,
  documentId: string,
  lines: readonly InvoiceLine[],
): Promise<(string | null)[]> {
  const found = await work.documents.chargedOn(documentId, lines.filter(givesBack));
  const next = found.values();
  return lines.map((line) => (givesBack(line) ? (next.next().value ?? null) : null));
}

function announce(
  work: UnitOfWork,
  { partnerId, document, number }: SoldDocument,
  credits: readonly CreditedPart[],
  at: Date,
): Promise<void> {
  const sold = { ...document.draft, number, net: netOf(document), credits };
  return work.announcements.partnerInvoicePosted(partnerInvoicePayload(partnerId, sold), at);
}

/** What a document brings before tax: a credit memo takes it away. */
function netOf({ kind, draft }: DocumentDraft): Money {
  return kind === 'INVOICE' ? draft.net : money(-draft.net.minor, draft.currency);
}
