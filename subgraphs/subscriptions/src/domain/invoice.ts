import type { RatedCharge } from '@fulfillment/kernel/domain/billing/rating';
import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import {
  compare,
  type CurrencyCode,
  type Money,
  money,
  subtract,
  sum,
} from '@fulfillment/kernel/domain/money';

/** One charge, and why it costs what it costs. */
export interface InvoiceLine extends RatedCharge {
  /** From 1. */
  readonly position: number;
  readonly subscriptionId: string;
  readonly productCode: string;
  readonly description: string;
}

/** A demand for payment before it has a number. `total` is the sum of the lines. */
export interface InvoiceDraft {
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
  readonly total: Money;
}

/** Money that came in for an invoice. Never changed. */
export interface Payment {
  readonly id: string;
  readonly invoiceId: string;
  readonly amount: Money;
  readonly receivedAt: Date;
  /** What the bank or the payment provider calls it. */
  readonly reference: string;
}

/** A posted invoice with what was paid on it. Apart from payments, it never changes. */
export interface Invoice extends InvoiceDraft {
  /** For people, without gaps for each legal entity: US-00001234. */
  readonly number: string;
  readonly payments: readonly Payment[];
}

export const invoiceStatuses = ['POSTED', 'PAID', 'PARTLY_PAID', 'OVERDUE'] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];

/** What was paid so far. */
export function amountPaid({ payments, currency }: Pick<Invoice, 'payments' | 'currency'>): Money {
  return sum(
    payments.map((payment) => payment.amount),
    currency,
  );
}

/** What is still to be paid; negative when too much was paid. */
export function amountDue(invoice: Pick<Invoice, 'total' | 'payments' | 'currency'>): Money {
  return subtract(invoice.total, amountPaid(invoice));
}

/** How an invoice stands at an instant. It may be paid on its due day, by the invoice owner's calendar, and is overdue the day after. */
export function invoiceStatusAt(
  invoice: Pick<Invoice, 'total' | 'payments' | 'currency' | 'dueOn' | 'billingTimeZone'>,
  instant: Date,
): InvoiceStatus {
  const nothing = money(0n, invoice.currency);
  if (compare(amountDue(invoice), nothing) <= 0) return 'PAID';
  if (compareDates(localDateAt(instant, invoice.billingTimeZone), invoice.dueOn) > 0) return 'OVERDUE';
  return compare(amountPaid(invoice), nothing) > 0 ? 'PARTLY_PAID' : 'POSTED';
}

/** The sum of lines. Throws a CurrencyMismatchError. */
export function totalOf(lines: readonly Pick<InvoiceLine, 'amount'>[], currency: CurrencyCode): Money {
  return sum(
    lines.map((line) => line.amount),
    currency,
  );
}

/** The number of an invoice for people. */
export function invoiceNumber(legalEntityCode: string, sequence: bigint): string {
  return `${legalEntityCode}-${sequence.toString().padStart(8, '0')}`;
}
