import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { InvoiceDraft, Payment } from '../invoice.js';
import { accountCreditApplied } from './account-credit-applied.js';
import { adjusted } from './adjusted.js';
import { creditMemoPosted } from './credit-memo-posted.js';
import { type EntryHead, ledgerEntry, type LedgerEntry } from './entry.js';
import { invoicePosted } from './invoice-posted.js';
import { invoiceWrittenOff } from './invoice-written-off.js';
import { paymentReceived } from './payment-received.js';
import { paymentRefunded } from './payment-refunded.js';
import { revenueRecognized } from './revenue-recognized.js';

const day = localDate('2026-11-23');
const at = new Date('2026-11-23T12:00:00Z');
const usd = (minor: bigint) => money(minor, 'USD');

const document: InvoiceDraft = {
  id: 'document',
  legalEntityCode: 'US',
  invoiceOwnerAccountId: 'account',
  billingTimeZone: 'UTC',
  orderId: null,
  currency: 'USD',
  postedAt: at,
  issuedOn: day,
  dueOn: day,
  lines: [],
  net: usd(10_000n),
  tax: usd(2_100n),
  total: usd(12_100n),
};
const memo = { ...document, voidsInvoiceId: null };
const payment = (amount: bigint, overpaid: bigint): Payment => ({
  id: 'payment',
  invoiceId: 'document',
  amount: usd(amount),
  overpaid: usd(overpaid),
  receivedAt: at,
  reference: 'wire',
  origin: 'RECORDED',
});
const refund = (amount: bigint, fromCredit: bigint) => ({
  id: 'refund',
  paymentId: 'payment',
  amount: usd(amount),
  fromCredit: usd(fromCredit),
  refundedAt: at,
  reference: 'wire',
});
const request = { amount: usd(700n), reason: 'why', requestedBy: 'ada', requestedAt: at };
const open = {
  id: 'document',
  accountId: 'account',
  legalEntityCode: 'US',
  dueOn: day,
  amountDue: usd(900n),
};
const use = {
  id: 'use',
  creditId: 'credit',
  invoiceId: 'document',
  refundId: null,
  amount: usd(900n),
  usedAt: at,
};

const sides = (entry: LedgerEntry | null) =>
  entry?.postings.map(({ account, amount }) => [account, amount.minor]) ?? [];

describe('what each document posts', () => {
  test.each<[string, LedgerEntry | null, (readonly [string, bigint])[]]>([
    [
      'an invoice',
      invoicePosted(document, day),
      [
        ['RECEIVABLES', 12_100n],
        ['DEFERRED_REVENUE', -10_000n],
        ['TAX_PAYABLE', -2_100n],
      ],
    ],
    [
      'a credit memo',
      creditMemoPosted(memo, day),
      [
        ['DEFERRED_REVENUE', 10_000n],
        ['TAX_PAYABLE', 2_100n],
        ['ACCOUNT_CREDIT', -12_100n],
      ],
    ],
    [
      'a payment',
      paymentReceived(payment(500n, 0n), document, day),
      [
        ['CASH', 500n],
        ['RECEIVABLES', -500n],
      ],
    ],
    [
      'a payment of too much',
      paymentReceived(payment(500n, 80n), document, day),
      [
        ['CASH', 500n],
        ['RECEIVABLES', -420n],
        ['ACCOUNT_CREDIT', -80n],
      ],
    ],
    [
      'a refund of account credit and beyond',
      paymentRefunded(refund(500n, 80n), document, day),
      [
        ['ACCOUNT_CREDIT', 80n],
        ['REFUNDS', 420n],
        ['CASH', -500n],
      ],
    ],
    [
      'account credit that settles an invoice',
      accountCreditApplied(use, open, day),
      [
        ['ACCOUNT_CREDIT', 900n],
        ['RECEIVABLES', -900n],
      ],
    ],
    [
      'a write-off',
      invoiceWrittenOff({ ...request, id: 'write-off', invoiceId: 'document' }, document, {
        bookedOn: day,
        at,
      }),
      [
        ['BAD_DEBT', 700n],
        ['RECEIVABLES', -700n],
      ],
    ],
    [
      'an adjustment',
      adjusted(
        {
          ...request,
          id: 'adjustment',
          legalEntityCode: 'US',
          bookedOn: day,
          debit: 'COMMISSION_EXPENSE',
          credit: 'COMMISSION_PAYABLE',
        },
        at,
      ),
      [
        ['COMMISSION_EXPENSE', 700n],
        ['COMMISSION_PAYABLE', -700n],
      ],
    ],
    [
      'the revenue of a day',
      revenueRecognized({ booksCode: 'US', day, amount: usd(33n) }, 'US', day, at),
      [
        ['DEFERRED_REVENUE', 33n],
        ['REVENUE', -33n],
      ],
    ],
    [
      'a day on which nothing was earned',
      revenueRecognized({ booksCode: 'US', day, amount: usd(0n) }, 'US', day, at),
      [],
    ],
  ])('%s', (_, entry, expected) => {
    expect(sides(entry)).toEqual(expected);
    if (entry) expect(entry.postings.reduce((total, { amount }) => total + amount.minor, 0n)).toBe(0n);
  });
});

describe('an entry', () => {
  const head: EntryHead = {
    kind: 'ADJUSTMENT',
    causeId: 'cause',
    legalEntityCode: 'US',
    currency: 'USD',
    bookedOn: day,
    recordedAt: at,
    accountId: null,
    invoiceId: null,
  };

  it('is refused when it does not sum to zero', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (debit, credit) => {
        fc.pre(debit !== credit);
        const postings = [
          { account: 'CASH' as const, amount: usd(debit) },
          { account: 'REVENUE' as const, amount: usd(-credit) },
        ];
        expect(() => ledgerEntry(head, postings)).toThrow(RangeError);
      }),
    );
  });

  it('has an id that follows from its kind and cause', () => {
    const again = revenueRecognized({ booksCode: 'US', day, amount: usd(1n) }, 'US', day, new Date(0));
    const first = revenueRecognized({ booksCode: 'US', day, amount: usd(2n) }, 'US', day, at);
    expect(again?.id).toBe(first?.id);
    expect(invoicePosted(document, day)?.id).not.toBe(creditMemoPosted(memo, day)?.id);
  });
});
