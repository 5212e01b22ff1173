import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { money } from '@fulfillment/kernel/domain/money';
import { type Invoice, type InvoiceLine, totalsOf } from '../src/domain/invoice.js';

const postedAt = new Date('2025-03-05T10:00:00.000Z');
const lines = [line(1, 348_000n), line(2, -24_167n)];

/** An invoice with a charge and a credit, paid in part: 12.30 of 3,918.38 is settled. */
export const exampleInvoice: Invoice = {
  ...totalsOf(lines, 'EUR'),
  id: derivedId('test-invoice', 'one'),
  number: 'EU-00000001',
  legalEntityCode: 'EU',
  invoiceOwnerAccountId: derivedId('test-account', 'one'),
  billingTimeZone: 'Europe/Amsterdam',
  orderId: null,
  currency: 'EUR',
  postedAt,
  issuedOn: localDate('2025-03-05'),
  dueOn: localDate('2025-04-04'),
  lines,
  payments: [
    {
      id: derivedId('test-payment', 'one'),
      invoiceId: derivedId('test-invoice', 'one'),
      amount: money(1_500n, 'EUR'),
      overpaid: money(500n, 'EUR'),
      receivedAt: postedAt,
      reference: 'wire',
      origin: 'RECORDED',
    },
  ],
  creditsApplied: [
    { creditId: derivedId('test-credit', 'one'), amount: money(200n, 'EUR'), appliedAt: postedAt },
  ],
  writtenOff: money(30n, 'EUR'),
  voidedBy: null,
};

function line(position: number, minor: bigint): InvoiceLine {
  const amount = money(minor, 'EUR');
  return {
    position,
    kind: minor < 0n ? 'CREDIT' : 'CHARGE',
    subscriptionId: derivedId('test-subscription', 'one'),
    productCode: 'PREMIUM',
    description: 'Premium',
    quantity: 10,
    unitPrice: '29.00',
    pricePeriod: 'MONTH',
    serviceStart: localDate('2025-03-05'),
    serviceEnd: localDate('2026-03-05'),
    prorationRatio: '1',
    prorationPolicy: 'ACTUAL_DAYS',
    amount,
    tax: taxLine(amount, { rate: '21', jurisdiction: 'NL', reason: 'DOMESTIC' }),
  };
}
