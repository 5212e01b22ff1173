import type { LineKind } from '@fulfillment/kernel/domain/agreement/lines';
import type { RatedCharge } from '@fulfillment/kernel/domain/billing/rating';
import type { LineTax } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { add, type CurrencyCode, type Money, subtract, sum } from '@fulfillment/kernel/domain/money';

/** One charge or credit, and why it costs what it costs. Its quantity is positive; the amount of a credit or discount is negative. */
export interface InvoiceLine extends RatedCharge {
  /** From 1. */
  readonly position: number;
  readonly kind: LineKind;
  readonly subscriptionId: string;
  readonly productCode: string;
  readonly description: string;
  /** What comes on top of `amount`; negative where that is. */
  readonly tax: LineTax;
}

/** What lines come to: before tax, the tax, and both. */
export interface Totals {
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
}

/** A demand for payment before it has a number. Its totals are those of the lines. */
export interface InvoiceDraft extends Totals {
  readonly id: string;
  readonly legalEntityCode: string;
  readonly invoiceOwnerAccountId: string;
  /** The invoice owner's: its local day decides when the invoice is overdue. */
  readonly billingTimeZone: string;
  readonly orderId: string | null;
  readonly currency: CurrencyCode;
  readonly postedAt: Date;
  readonly issuedOn: LocalDate;
  readonly dueOn: LocalDate;
  readonly lines: readonly InvoiceLine[];
}

/** How money came in: written down by a person who saw it at the bank, collected by us, or paid on the page of a checkout. */
export const paymentOrigins = ['RECORDED', 'COLLECTED', 'CHECKOUT'] as const;
export type PaymentOrigin = (typeof paymentOrigins)[number];

/** Money that came in for an invoice. Never changed. */
export interface Payment {
  readonly id: string;
  readonly invoiceId: string;
  /** All that came in. */
  readonly amount: Money;
  /** The part of it that was not due any more: it became account credit. */
  readonly overpaid: Money;
  readonly receivedAt: Date;
  /** What the bank or the payment provider calls it. */
  readonly reference: string;
  readonly origin: PaymentOrigin;
}

/** Account credit that was used for an invoice. */
export interface AppliedCredit {
  readonly creditId: string;
  readonly amount: Money;
  readonly appliedAt: Date;
}

/** A posted invoice with what became of it. The invoice itself never changes: everything else is added to it. */
export interface Invoice extends InvoiceDraft {
  /** For people, without gaps for each legal entity: US-00001234. */
  readonly number: string;
  readonly payments: readonly Payment[];
  readonly creditsApplied: readonly AppliedCredit[];
  /** What was given up, with the approval of a second person. */
  readonly writtenOff: Money;
  /** The credit memo that takes back all of it, if there is one. */
  readonly voidedBy: string | null;
}

export type InvoiceStatus = 'DRAFT' | 'POSTED' | 'PARTLY_PAID' | 'PAID' | 'OVERDUE' | 'WRITTEN_OFF' | 'VOID';

/** What an invoice's amount due follows from. */
export type Settlement = Pick<Invoice, 'total' | 'currency' | 'payments' | 'creditsApplied' | 'writtenOff'>;

/** What was paid so far, without what was paid too much. */
export function amountPaid({ payments, currency }: Pick<Invoice, 'payments' | 'currency'>): Money {
  return sum(
    payments.map((payment) => subtract(payment.amount, payment.overpaid)),
    currency,
  );
}

/** How much of it account credit settled. */
export function amountCredited({
  creditsApplied,
  currency,
}: Pick<Invoice, 'creditsApplied' | 'currency'>): Money {
  return sum(
    creditsApplied.map((credit) => credit.amount),
    currency,
  );
}

/** What is still to be paid; never negative, as what is paid too much becomes account credit. */
export function amountDue(invoice: Settlement): Money {
  const settled = add(add(amountPaid(invoice), amountCredited(invoice)), invoice.writtenOff);
  return subtract(invoice.total, settled);
}

/**
 * How an invoice stands at an instant; null for a number that it does not have yet. It may be paid on its due day, by the
 * invoice owner's calendar, and is overdue the day after.
 */
export function invoiceStatusAt(
  invoice: Settlement &
    Pick<Invoice, 'dueOn' | 'billingTimeZone' | 'voidedBy'> & { readonly number: string | null },
  instant: Date,
): InvoiceStatus {
  if (invoice.number === null) return 'DRAFT';
  if (invoice.voidedBy !== null) return 'VOID';
  const due = amountDue(invoice).minor;
  if (due <= 0n) return invoice.writtenOff.minor > 0n ? 'WRITTEN_OFF' : 'PAID';
  if (compareDates(localDateAt(instant, invoice.billingTimeZone), invoice.dueOn) > 0) return 'OVERDUE';
  return due < invoice.total.minor ? 'PARTLY_PAID' : 'POSTED';
}

/** What lines come to. Throws a CurrencyMismatchError. */
export function totalsOf(
  lines: readonly Pick<InvoiceLine, 'amount' | 'tax'>[],
  currency: CurrencyCode,
): Totals {
  const net = sum(
    lines.map((line) => line.amount),
    currency,
  );
  const tax = sum(
    lines.map((line) => line.tax.amount),
    currency,
  );
  return { net, tax, total: add(net, tax) };
}

/** The number of an invoice for people. */
export function invoiceNumber(legalEntityCode: string, sequence: bigint): string {
  return `${legalEntityCode}-${sequence.toString().padStart(8, '0')}`;
}
