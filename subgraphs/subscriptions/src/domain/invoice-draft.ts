import { addDays, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Account } from './account.js';
import { type InvoiceDraft, type InvoiceLine, totalOf } from './invoice.js';
import type { FrozenCharge } from './placed-order.js';

export interface InvoiceCause {
  readonly id: string;
  readonly orderId: string | null;
  readonly invoiceOwner: Account;
  /** All in the invoice owner's currency. */
  readonly charges: readonly FrozenCharge[];
  /** The instant of posting. */
  readonly at: Date;
}

/**
 * An invoice with exactly these charges, one line each, issued on the day that it is at the invoice owner and due as the invoice owner's
 * payment terms say. Throws a CurrencyMismatchError.
 */
export function draftInvoice({ id, orderId, invoiceOwner, charges, at }: InvoiceCause): InvoiceDraft {
  const lines = charges.map((charge, index) => invoiceLine(charge, index + 1));
  const issuedOn = localDateAt(at, invoiceOwner.billingTimeZone);
  return {
    id,
    legalEntityCode: invoiceOwner.legalEntityCode,
    invoiceOwnerAccountId: invoiceOwner.id,
    billingTimeZone: invoiceOwner.billingTimeZone,
    orderId,
    currency: invoiceOwner.currency,
    postedAt: at,
    issuedOn,
    dueOn: addDays(issuedOn, invoiceOwner.paymentTermsDays),
    lines,
    total: totalOf(lines, invoiceOwner.currency),
  };
}

/** The charge itself, and in words what it is for: the last day of service, where the charge says the day after. */
function invoiceLine(charge: FrozenCharge, position: number): InvoiceLine {
  const { productName, ...rated } = charge;
  const description = `${productName}, ${charge.serviceStart} to ${addDays(charge.serviceEnd, -1)}`;
  return { ...rated, position, description };
}
