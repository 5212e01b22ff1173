import type { LineKind } from '@fulfillment/kernel/domain/agreement/lines';
import { addDays, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { negate } from '@fulfillment/kernel/domain/money';
import type { Account } from '../account.js';
import type { BilledLine } from '../billed-line.js';
import { type InvoiceDraft, type InvoiceLine, totalsOf } from '../invoice.js';
import type { CreditMemoDraft } from './credit-memo.js';

export interface DocumentCause {
  readonly id: string;
  readonly orderId: string | null;
  readonly invoiceOwner: Account;
  /** All in the invoice owner's currency. */
  readonly lines: readonly BilledLine[];
  /** The instant of posting. */
  readonly at: Date;
}

/** What charges and credits come to: an invoice, or a credit memo where the sum is negative. */
export type DocumentDraft =
  | { readonly kind: 'INVOICE'; readonly draft: InvoiceDraft }
  | { readonly kind: 'CREDIT_MEMO'; readonly draft: CreditMemoDraft };

/** How a line of each kind begins in words. */
const kindNames: Readonly<Record<LineKind, string>> = {
  CHARGE: '',
  DISCOUNT: 'Discount: ',
  CREDIT: 'Credit: ',
  DISCOUNT_CREDIT: 'Discount taken back: ',
};

/**
 * The one document with exactly these charges and credits, a line each, issued on the day that it is at the invoice owner and
 * due as its payment terms say; null when no line comes to anything. Throws a CurrencyMismatchError.
 */
export function draftDocument({
  id,
  orderId,
  invoiceOwner,
  lines: billed,
  at,
}: DocumentCause): DocumentDraft | null {
  if (billed.every(({ amount }) => amount.minor === 0n)) return null;
  const lines = billed.map((line, index) => documentLine(line, index + 1));
  const issuedOn = localDateAt(at, invoiceOwner.billingTimeZone);
  const totals = totalsOf(lines, invoiceOwner.currency);
  const head = {
    id,
    legalEntityCode: invoiceOwner.legalEntityCode,
    invoiceOwnerAccountId: invoiceOwner.id,
    billingTimeZone: invoiceOwner.billingTimeZone,
    orderId,
    currency: invoiceOwner.currency,
    postedAt: at,
    issuedOn,
    lines,
  };
  if (totals.total.minor >= 0n) {
    const dueOn = addDays(issuedOn, invoiceOwner.paymentTermsDays);
    return { kind: 'INVOICE', draft: { ...head, ...totals, dueOn } };
  }
  const { net, tax, total } = totals;
  const draft = { ...head, net: negate(net), tax: negate(tax), total: negate(total), voidsInvoiceId: null };
  return { kind: 'CREDIT_MEMO', draft };
}

/** The line itself, and in words what it is for: the last day of service, where the charge says the day after. */
function documentLine({ productName, ...line }: BilledLine, position: number): InvoiceLine {
  const days = `${line.serviceStart} to ${addDays(line.serviceEnd, -1)}`;
  return { ...line, position, description: `${kindNames[line.kind]}${productName}, ${days}` };
}
