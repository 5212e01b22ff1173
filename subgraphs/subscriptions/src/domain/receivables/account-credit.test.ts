import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, money } from '@fulfillment/kernel/domain/money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCredits, type OpenCredit, type OpenInvoice, refundCredits } from './account-credit.js';

const at = new Date('2026-11-23T12:00:00Z');

const parties = fc.record({
  accountId: fc.constantFrom('ada', 'grace'),
  legalEntityCode: fc.constantFrom('US', 'EU'),
  currency: fc.constantFrom<CurrencyCode>('USD', 'JPY'),
});
const minors = fc.bigInt({ min: 0n, max: 1_000n });

const credits: fc.Arbitrary<OpenCredit[]> = fc.array(
  fc
    .record({ id: fc.uuid(), party: parties, minor: minors, age: fc.integer({ min: 0, max: 5 }) })
    .map(({ id, party, minor, age }): OpenCredit => ({
      id,
      accountId: party.accountId,
      legalEntityCode: party.legalEntityCode,
      amount: money(minor, party.currency),
      remaining: money(minor, party.currency),
      source: 'OVERPAYMENT',
      sourceId: id,
      openedAt: new Date(at.getTime() - age),
    })),
  { maxLength: 8 },
);
const invoices: fc.Arbitrary<OpenInvoice[]> = fc.array(
  fc
    .record({ id: fc.uuid(), party: parties, minor: minors, days: fc.integer({ min: 0, max: 5 }) })
    .map(({ id, party, minor, days }): OpenInvoice => ({
      id,
      accountId: party.accountId,
      legalEntityCode: party.legalEntityCode,
      dueOn: addDays(localDate('2026-12-01'), days),
      amountDue: money(minor, party.currency),
    })),
  { maxLength: 8 },
);

const same = (credit: OpenCredit, invoice: OpenInvoice) =>
  credit.accountId === invoice.accountId &&
  credit.legalEntityCode === invoice.legalEntityCode &&
  credit.amount.currency === invoice.amountDue.currency;

describe('applying account credit', () => {
  it('uses nothing beyond what is left or due, and leaves no credit beside a debt of the same kind', () => {
    fc.assert(
      fc.property(credits, invoices, (open, owed) => {
        const uses = applyCredits(open, owed, at);
        const left = (credit: OpenCredit) =>
          uses
            .filter(({ creditId }) => creditId === credit.id)
            .reduce((minor, use) => minor - use.amount.minor, credit.remaining.minor);
        const due = (invoice: OpenInvoice) =>
          uses
            .filter(({ invoiceId }) => invoiceId === invoice.id)
            .reduce((minor, use) => minor - use.amount.minor, invoice.amountDue.minor);
        expect(open.every((credit) => left(credit) >= 0n)).toBe(true);
        expect(owed.every((invoice) => due(invoice) >= 0n)).toBe(true);
        for (const credit of open) {
          for (const invoice of owed) {
            if (same(credit, invoice)) expect(left(credit) === 0n || due(invoice) === 0n).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes the oldest credit and the invoice that is due first', () => {
    fc.assert(
      fc.property(credits, invoices, (open, owed) => {
        const uses = applyCredits(open, owed, at);
        const creditOf = new Map(open.map((credit) => [credit.id, credit]));
        const invoiceOf = new Map(owed.map((invoice) => [invoice.id, invoice]));
        const ofOne = uses.filter(({ creditId }) => {
          const credit = creditOf.get(creditId);
          return (
            credit?.accountId === 'ada' && credit.legalEntityCode === 'US' && credit.amount.currency === 'USD'
          );
        });
        const opened = ofOne.map(({ creditId }) => creditOf.get(creditId)?.openedAt.getTime() ?? 0);
        const due = ofOne.map(({ invoiceId }) => invoiceOf.get(invoiceId ?? '')?.dueOn ?? '');
        expect(opened).toEqual(opened.toSorted((left, right) => left - right));
        expect(due).toEqual(due.toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it('gives each use an id of its own, the same whenever it is worked out', () => {
    fc.assert(
      fc.property(credits, invoices, (open, owed) => {
        const ids = applyCredits(open, owed, at).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(applyCredits(open.toReversed(), owed.toReversed(), new Date(0)).map(({ id }) => id)).toEqual(
          ids,
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('refunding account credit', () => {
  it('gives back what is asked for, or all that is left', () => {
    fc.assert(
      fc.property(credits, minors, (all, wanted) => {
        const open = all.filter(({ amount }) => amount.currency === 'USD');
        const uses = refundCredits(open, 'refund', money(wanted, 'USD'), at);
        const left = open.reduce((total, { remaining }) => total + remaining.minor, 0n);
        const given = uses.reduce((total, { amount }) => total + amount.minor, 0n);
        expect(given).toBe(wanted < left ? wanted : left);
        expect(uses.every(({ invoiceId, refundId }) => invoiceId === null && refundId === 'refund')).toBe(
          true,
        );
      }),
    );
  });
});
