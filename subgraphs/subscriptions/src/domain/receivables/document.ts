import type { LineKind } from '@fulfillment/kernel/domain/agreement/lines';
import type { RatedCharge } from '@fulfillment/kernel/domain/billing/rating';
import type { LineTax } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { addDays, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { negate } from '@fulfillment/kernel/domain/money';
import type { Account } from '../account.js';
import { type InvoiceDraft, type InvoiceLine, totalsOf } from '../invoice.js';
import type { CreditMemoDraft } from './credit-memo.js';

/** A charge or credit with its tax, as an order froze it or a billing run rated it. */
export interface DocumentCharge extends RatedCharge {
  readonly kind: LineKind;
  readonly subscriptionId: string;
  readonly productCode: string;
  readonly productName: string;
  readonly tax: LineTax;
}

export interface DocumentCause {
  readonly id: string;
  readonly orderId: string | null;
  readonly invoiceOwner: Account;
  /** All in the invoice owner's currency. */
  readonly charges: readonly DocumentCharge[];
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
  charges,
  at,
}: DocumentCause): DocumentDraft | null {
  if (charges.every(({ amount }) => amount.minor === 0n)) return null;
  const lines = charges.map((charge, index) => documentLine(charge, index + 1));
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

/** The charge itself, and in words what it is for: the last day of service, where the charge says the day after. */
function documentLine(charge: DocumentCharge, position: number): InvoiceLine {
  const { productName, ...rated } = charge;
  const days = `${charge.serviceStart} to ${addDays(charge.serviceEnd, -1)}`;
  return { ...rated, position, description: `${kindNames[charge.kind]}${productName}, ${days}` };
}
