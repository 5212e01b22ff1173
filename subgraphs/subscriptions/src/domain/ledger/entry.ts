import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { type CurrencyCode, type Money, sum } from '@fulfillment/kernel/domain/money';
import type { LedgerAccount } from './ledger-account.js';

/** What an entry tells of. */
export const entryKinds = [
  'INVOICE_POSTED',
  'CREDIT_MEMO_POSTED',
  'PAYMENT_RECEIVED',
  'PAYMENT_REFUNDED',
  'ACCOUNT_CREDIT_APPLIED',
  'INVOICE_WRITTEN_OFF',
  'ADJUSTMENT',
  'REVENUE_RECOGNIZED',
  'COMMISSION_EARNED',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** One side of an entry: a debit is positive, a credit negative. */
export interface Posting {
  readonly account: LedgerAccount;
  readonly amount: Money;
}

/** An entry without its postings. */
export interface EntryHead {
  readonly kind: EntryKind;
  /** The document or commission behind it. There is one entry for each kind and cause, so nothing is posted twice. */
  readonly causeId: string;
  readonly legalEntityCode: string;
  readonly currency: CurrencyCode;
  /** The day of the books: it decides the accounting period. */
  readonly bookedOn: LocalDate;
  readonly recordedAt: Date;
  /** The account that pays; null where the entry sums up many. */
  readonly accountId: string | null;
  /** The invoice whose amount due it changes; null where it changes none. */
  readonly invoiceId: string | null;
}

/** An entry of the ledger. Never changed; its postings sum to zero. */
export interface LedgerEntry extends EntryHead {
  readonly id: string;
  readonly postings: readonly Posting[];
}

/**
 * The entry with these postings; those of nothing are left out, and with none left there is no entry: null.
 * Throws a RangeError when they do not sum to zero, and a CurrencyMismatchError.
 */
export function ledgerEntry(head: EntryHead, postings: readonly Posting[]): LedgerEntry | null {
  const difference = sum(
    postings.map(({ amount }) => amount),
    head.currency,
  );
  if (difference.minor !== 0n)
    throw new RangeError(`${head.kind} ${head.causeId} is off by ${difference.minor}`);
  const moving = postings.filter(({ amount }) => amount.minor !== 0n);
  if (moving.length === 0) return null;
  return { ...head, id: derivedId('ledger-entry', head.kind, head.causeId), postings: moving };
}
