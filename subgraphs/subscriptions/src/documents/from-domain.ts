import { legalEntity } from '@fulfillment/kernel/domain/legal-entity';
import { negate } from '@fulfillment/kernel/domain/money';
import { amountCredited, amountDue, amountPaid, type Invoice, type InvoiceLine } from '../domain/invoice.js';
import type { CreditMemo } from '../domain/receivables/credit-memo.js';
import type { Party } from '../service/documents.js';
import type { DocumentLine, InvoiceDocument } from './invoice-document.js';

/** What a document shows that invoices and credit memos do not hold themselves. */
export interface DocumentFacts {
  /** The invoice owner. */
  readonly buyer: Party;
  readonly purchaseOrderNumber: string | null;
}

/** An invoice as it is printed, with what became of it so far. */
export function invoiceDocument(invoice: Invoice, facts: DocumentFacts): InvoiceDocument {
  return {
    ...common(invoice, facts),
    kind: 'INVOICE',
    mark: invoice.voidedBy === null ? null : 'VOID',
    dueOn: invoice.dueOn,
    lines: invoice.lines.map((line) => documentLine(line)),
    settlement: {
      amountPaid: amountPaid(invoice),
      creditApplied: amountCredited(invoice),
      writtenOff: invoice.writtenOff,
      amountDue: amountDue(invoice),
    },
  };
}

/** A credit memo as it is printed: its lines hold credits as negative amounts, and print them as what is given back. */
export function creditMemoDocument(memo: CreditMemo, facts: DocumentFacts): InvoiceDocument {
  return {
    ...common(memo, facts),
    kind: 'CREDIT_MEMO',
    mark: null,
    dueOn: null,
    lines: memo.lines.map((line) => givenBack(documentLine(line))),
    settlement: null,
  };
}

/** What both kinds say alike. */
function common(from: Invoice | CreditMemo, { buyer, purchaseOrderNumber }: DocumentFacts) {
  const { number, postedAt, issuedOn, currency, net, tax, total } = from;
  const { name, countryCode } = legalEntity(from.legalEntityCode);
  const seller: Party = { name, countryCode };
  return { number, postedAt, issuedOn, currency, net, tax, total, seller, buyer, purchaseOrderNumber };
}

function documentLine(line: InvoiceLine): DocumentLine {
  const { description, quantity, unitPrice, pricePeriod, amount, tax } = line;
  const servicePeriod = { start: line.serviceStart, end: line.serviceEnd };
  return { description, quantity, unitPrice, pricePeriod, servicePeriod, amount, tax };
}

function givenBack(line: DocumentLine): DocumentLine {
  return {
    ...line,
    amount: negate(line.amount),
    tax: { ...line.tax, amount: negate(line.tax.amount) },
  };
}
