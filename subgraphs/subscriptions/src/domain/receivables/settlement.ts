import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, type Money, subtract, sum } from '@fulfillment/kernel/domain/money';
import { accountCreditApplied } from '../ledger/account-credit-applied.js';
import type { LedgerEntry } from '../ledger/entry.js';
import { applyCredits, type CreditUse, type OpenCredit, type OpenInvoice } from './account-credit.js';
import { firstOpenDay } from './accounting-period.js';

/** How far books have come: those of a legal entity, or those in which a sandbox account earns. */
export interface Books {
  /** The last day of their last closed month; null when none is closed. */
  readonly closedThrough: LocalDate | null;
  /** By currency, the last day whose revenue was posted. */
  readonly recognizedThrough: ReadonlyMap<CurrencyCode, LocalDate>;
}

/** The books by their code: a legal entity's, or what `booksCodeOf` says of a document. */
export type BooksOf = (booksCode: string) => Books;

/** What is open of the accounts that documents are posted to. */
export interface OpenItems {
  readonly credits: readonly OpenCredit[];
  readonly invoices: readonly OpenInvoice[];
}

/** When and where settling is booked. */
export interface SettlementSetting {
  /** The day on which what an account's credit settles is booked, before closed periods are minded. */
  readonly dayOf: (accountId: string) => LocalDate | undefined;
  readonly booksOf: BooksOf;
  readonly at: Date;
}

/**
 * Settles what is open with account credit, the oldest first, and tells the ledger.
 * @param given uses that were decided on before: they are taken into account, and are part of what is returned
 */
export function settleWithCredit(
  open: OpenItems,
  given: readonly CreditUse[],
  { dayOf, booksOf, at }: SettlementSetting,
): { readonly uses: readonly CreditUse[]; readonly entries: readonly (LedgerEntry | null)[] } {
  const left = given.length === 0 ? open : afterUses(open, given);
  const uses = [...given, ...applyCredits(left.credits, left.invoices, at)];
  const invoices = new Map(open.invoices.map((invoice) => [invoice.id, invoice]));
  const entries = uses.map((use) => {
    const invoice = invoices.get(use.invoiceId ?? '');
    const day = invoice && dayOf(invoice.accountId);
    if (!invoice || !day) throw new Error(`Credit ${use.creditId} was used for what is not at hand`);
    return accountCreditApplied(
      use,
      invoice,
      firstOpenDay(day, booksOf(invoice.legalEntityCode).closedThrough),
    );
  });
  return { uses, entries };
}

function afterUses({ credits, invoices }: OpenItems, uses: readonly CreditUse[]): OpenItems {
  const used = (which: (use: CreditUse) => boolean, currency: CurrencyCode): Money =>
    sum(
      uses.filter(which).map(({ amount }) => amount),
      currency,
    );
  return {
    credits: credits.map((credit) => {
      const gone = used(({ creditId }) => creditId === credit.id, credit.remaining.currency);
      return { ...credit, remaining: subtract(credit.remaining, gone) };
    }),
    invoices: invoices.map((invoice) => {
      const gone = used(({ invoiceId }) => invoiceId === invoice.id, invoice.amountDue.currency);
      return { ...invoice, amountDue: subtract(invoice.amountDue, gone) };
    }),
  };
}
