import type { LineTax } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode, Money } from '@fulfillment/kernel/domain/money';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { Party } from '../service/documents.js';

/** One line as a document shows it. */
export interface DocumentLine {
  readonly description: string;
  readonly quantity: number;
  /** Decimal text in major units; may carry more digits than the currency. Null where the line has none, as a fixed discount. */
  readonly unitPrice: string | null;
  readonly pricePeriod: PricePeriod;
  /** Half-open; shown with its last day. Null where the line is for no period. */
  readonly servicePeriod: LocalPeriod | null;
  /** Before tax. */
  readonly amount: Money;
  readonly tax: LineTax;
}

/** What became of a document's total. */
export interface DocumentSettlement {
  /** Paid on an invoice; refunded from a credit memo. */
  readonly amountPaid: Money;
  /** Account credit that an invoice used; what a credit memo gave to invoices. */
  readonly creditApplied: Money;
  readonly writtenOff: Money;
  /** What is left: to pay, or of the credit. */
  readonly amountDue: Money;
}

/**
 * All that is printed of an invoice or a credit memo: plain facts, which the document adds up by tax rate and nothing more.
 * The lines sum to the totals: on a credit memo what is given back is positive, in the lines as in the totals.
 */
export interface InvoiceDocument {
  readonly kind: 'INVOICE' | 'CREDIT_MEMO';
  /** DRAFT: not posted yet. VOID: taken back as a whole by a credit memo. Null for one that holds. */
  readonly mark: 'DRAFT' | 'VOID' | null;
  /** Null for a draft, which has none yet. */
  readonly number: string | null;
  /** The file says that it was made at this instant, so that the same document gives the same bytes. */
  readonly postedAt: Date;
  readonly issuedOn: LocalDate;
  /** Null on a credit memo. */
  readonly dueOn: LocalDate | null;
  /** The buyer's own number for the order. */
  readonly purchaseOrderNumber: string | null;
  readonly seller: Party;
  /** The invoice owner. */
  readonly buyer: Party;
  readonly currency: CurrencyCode;
  readonly lines: readonly DocumentLine[];
  /** The sum of the lines before tax. */
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  /** Null where nothing is told of it, as on a credit memo whose money became account credit. */
  readonly settlement: DocumentSettlement | null;
}
