import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { money, sum } from '@fulfillment/kernel/domain/money';
import { describe, expect, test } from 'vitest';
import { type Invoice, type InvoiceLine, totalsOf } from '../domain/invoice.js';
import { voidingCreditMemo } from '../domain/receivables/credit-memo.js';
import { creditMemoDocument, invoiceDocument } from './from-domain.js';

const facts = { buyer: { name: 'Jansen B.V.', countryCode: 'NL' }, purchaseOrderNumber: 'PO-1' };
const postedAt = new Date('2025-03-05T10:00:00.000Z');
const lines = [line(1, 348_000n), line(2, -24_167n)];

const invoice: Invoice = {
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

describe('an invoice', () => {
  test('is printed with its seller, its lines and what became of it', () => {
    const document = invoiceDocument(invoice, facts);
    expect(document).toMatchObject({
      kind: 'INVOICE',
      mark: null,
      number: 'EU-00000001',
      dueOn: '2025-04-04',
      seller: { name: 'Fulfillment Example B.V.', countryCode: 'NL' },
      buyer: facts.buyer,
      purchaseOrderNumber: 'PO-1',
      net: money(323_833n, 'EUR'),
      tax: money(68_005n, 'EUR'),
      total: money(391_838n, 'EUR'),
      settlement: {
        amountPaid: money(1_000n, 'EUR'),
        creditApplied: money(200n, 'EUR'),
        writtenOff: money(30n, 'EUR'),
        amountDue: money(390_608n, 'EUR'),
      },
    });
    expect(document.lines.map(({ amount }) => amount.minor)).toEqual([348_000n, -24_167n]);
    expect(document.lines[0]?.servicePeriod).toEqual({ start: '2025-03-05', end: '2026-03-05' });
  });

  test('that was taken back says so', () => {
    const voided = { ...invoice, voidedBy: derivedId('test-memo', 'one') };
    expect(invoiceDocument(voided, facts).mark).toBe('VOID');
  });

  test('of a company that is none of ours is a mistake of the code', () => {
    expect(() => invoiceDocument({ ...invoice, legalEntityCode: 'UK' }, facts)).toThrow(RangeError);
  });
});

test('a credit memo prints what is given back as positive, and its lines sum to its totals', () => {
  const draft = voidingCreditMemo(invoice, derivedId('test-memo', 'one'), postedAt);
  const document = creditMemoDocument({ ...draft, number: 'EU-CM-00000001' }, facts);
  expect(document).toMatchObject({ kind: 'CREDIT_MEMO', dueOn: null, settlement: null });
  const amounts = document.lines.map(({ amount }) => amount);
  const taxes = document.lines.map(({ tax }) => tax.amount);
  expect(amounts.map(({ minor }) => minor)).toEqual([348_000n, -24_167n]);
  expect(sum(amounts, 'EUR')).toEqual(document.net);
  expect(sum(taxes, 'EUR')).toEqual(document.tax);
});
