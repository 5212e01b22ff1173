import { add, type CurrencyCode, type Money, money } from '@fulfillment/kernel/domain/money';
import type { InvoiceLine } from '../invoice.js';

/** A part of a document that gives back charges of an earlier invoice, before tax: negative, or positive where it is taken back. */
export interface CreditedPart {
  readonly invoiceId: string;
  readonly net: Money;
}

/** True for a line that gives a charge back, or a discount with it. */
export function givesBack({ kind }: Pick<InvoiceLine, 'kind'>): boolean {
  return kind === 'CREDIT' || kind === 'DISCOUNT_CREDIT';
}

/**
 * What lines give back of each invoice, in the order in which invoices first come.
 * @param invoiceIds the invoice of each line; null where it gives nothing back, or nobody knows of what
 */
export function creditedParts(
  lines: readonly Pick<InvoiceLine, 'amount'>[],
  invoiceIds: readonly (string | null)[],
  currency: CurrencyCode,
): CreditedPart[] {
  const parts = new Map<string, Money>();
  for (const [index, { amount }] of lines.entries()) {
    const invoiceId = invoiceIds[index] ?? null;
    if (invoiceId !== null) parts.set(invoiceId, add(parts.get(invoiceId) ?? money(0n, currency), amount));
  }
  return [...parts].map(([invoiceId, net]) => ({ invoiceId, net }));
}
