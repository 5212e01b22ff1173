import { derivedId } from '@fulfillment/kernel/domain/ids';
import { money, sum } from '@fulfillment/kernel/domain/money';
import { describe, expect, test } from 'vitest';
import { exampleInvoice } from '../../test/example-invoice.js';
import { voidingCreditMemo } from '../domain/receivables/credit-memo.js';
import { creditMemoDocument, invoiceDocument } from './from-domain.js';

const facts = { buyer: { name: 'Jansen B.V.', countryCode: 'NL' }, purchaseOrderNumber: 'PO-1' };

describe('an invoice', () => {
  test('is printed with its seller, its lines and what became of it', () => {
    const document = invoiceDocument(exampleInvoice, facts);
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
    const voided = { ...exampleInvoice, voidedBy: derivedId('test-memo', 'one') };
    expect(invoiceDocument(voided, facts).mark).toBe('VOID');
  });

  test('of a company that is none of ours is a mistake of the code', () => {
    expect(() => invoiceDocument({ ...exampleInvoice, legalEntityCode: 'UK' }, facts)).toThrow(RangeError);
  });
});

test('a credit memo prints what is given back as positive, and its lines sum to its totals', () => {
  const draft = voidingCreditMemo(exampleInvoice, derivedId('test-memo', 'one'), exampleInvoice.postedAt);
  const document = creditMemoDocument({ ...draft, number: 'EU-CM-00000001' }, facts);
  expect(document).toMatchObject({ kind: 'CREDIT_MEMO', dueOn: null, settlement: null });
  const amounts = document.lines.map(({ amount }) => amount);
  const taxes = document.lines.map(({ tax }) => tax.amount);
  expect(amounts.map(({ minor }) => minor)).toEqual([348_000n, -24_167n]);
  expect(sum(amounts, 'EUR')).toEqual(document.net);
  expect(sum(taxes, 'EUR')).toEqual(document.tax);
});
