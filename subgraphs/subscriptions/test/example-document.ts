import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { add, type CurrencyCode, money, subtract, sum } from '@fulfillment/kernel/domain/money';
import type { DocumentLine, DocumentSettlement, InvoiceDocument } from '../src/documents/invoice-document.js';

export const dutch: TaxRate = { rate: '21', jurisdiction: 'NL', reason: 'DOMESTIC' };

/** A line of Premium for a year. */
export function exampleLine(
  minor: bigint,
  changes: Partial<DocumentLine> & { currency?: CurrencyCode; rate?: TaxRate } = {},
): DocumentLine {
  const { currency = 'EUR', rate = dutch, ...rest } = changes;
  const amount = money(minor, currency);
  return {
    description: 'Premium',
    quantity: 10,
    unitPrice: '29.00',
    pricePeriod: 'MONTH',
    servicePeriod: { start: localDate('2025-03-05'), end: localDate('2026-03-05') },
    amount,
    tax: taxLine(amount, rate),
    ...rest,
  };
}

/** An invoice over these lines, of which nothing is paid unless `settled` says so. */
export function exampleDocument(
  lines: readonly DocumentLine[],
  changes: Partial<InvoiceDocument> = {},
  settled: Partial<DocumentSettlement> = {},
): InvoiceDocument {
  const currency = lines[0]?.amount.currency ?? 'EUR';
  const nothing = money(0n, currency);
  const { amountPaid = nothing, creditApplied = nothing, writtenOff = nothing } = settled;
  const net = sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  const tax = sum(
    lines.map((line) => line.tax.amount),
    currency,
  );
  const total = add(net, tax);
  const amountDue = subtract(total, sum([amountPaid, creditApplied, writtenOff], currency));
  return {
    kind: 'INVOICE',
    mark: null,
    number: 'EU-00001234',
    postedAt: new Date('2025-03-05T10:00:00.000Z'),
    issuedOn: localDate('2025-03-05'),
    dueOn: localDate('2025-04-04'),
    purchaseOrderNumber: null,
    seller: { name: 'Fulfillment Example B.V.', countryCode: 'NL' },
    buyer: { name: 'Jansen & Zonen B.V.', countryCode: 'NL' },
    currency,
    lines,
    net,
    tax,
    total,
    settlement: { amountPaid, creditApplied, writtenOff, amountDue },
    ...changes,
  };
}
