import type { LineKind } from '@fulfillment/kernel/domain/agreement/lines';
import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { negate } from '@fulfillment/kernel/domain/money';
import type { Invoice, InvoiceDraft, InvoiceLine } from '../invoice.js';

/**
 * Money that we owe back, before it has a number. Its totals are positive; its lines have the signs that they would have on an
 * invoice, so that a credit is negative wherever it stands, and they sum to the negative of the total.
 */
export interface CreditMemoDraft extends Omit<InvoiceDraft, 'dueOn'> {
  /** The invoice that it takes back as a whole; null when it stands by itself. */
  readonly voidsInvoiceId: string | null;
}

/** A posted credit memo. Never changed. */
export interface CreditMemo extends CreditMemoDraft {
  /** For people, without gaps for each legal entity: US-CM-00001234. */
  readonly number: string;
}

/** The number of a credit memo for people. */
export function creditMemoNumber(legalEntityCode: string, sequence: bigint): string {
  return `${legalEntityCode}-CM-${sequence.toString().padStart(8, '0')}`;
}

/** What takes a line of each kind back. */
const oppositeKind: Readonly<Record<LineKind, LineKind>> = {
  CHARGE: 'CREDIT',
  CREDIT: 'CHARGE',
  DISCOUNT: 'DISCOUNT_CREDIT',
  DISCOUNT_CREDIT: 'DISCOUNT',
};

/** The credit memo that takes an invoice back as a whole: the invoice's own lines with the opposite signs. */
export function voidingCreditMemo(invoice: Invoice, id: string, at: Date): CreditMemoDraft {
  const { legalEntityCode, invoiceOwnerAccountId, billingTimeZone, orderId, currency } = invoice;
  return {
    id,
    legalEntityCode,
    invoiceOwnerAccountId,
    billingTimeZone,
    orderId,
    currency,
    postedAt: at,
    issuedOn: localDateAt(at, billingTimeZone),
    lines: invoice.lines.map((line) => opposite(line, invoice.number)),
    net: invoice.net,
    tax: invoice.tax,
    total: invoice.total,
    voidsInvoiceId: invoice.id,
  };
}

function opposite(line: InvoiceLine, invoiceNumber: string): InvoiceLine {
  return {
    ...line,
    kind: oppositeKind[line.kind],
    description: `Void of ${invoiceNumber}: ${line.description}`,
    amount: negate(line.amount),
    tax: { ...line.tax, amount: negate(line.tax.amount) },
  };
}
