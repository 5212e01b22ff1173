import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type Money, negate } from '@fulfillment/kernel/domain/money';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** What was earned on one day in some books in one currency. */
export interface EarnedDay {
  readonly booksCode: string;
  readonly day: LocalDate;
  readonly amount: Money;
}

/** Revenue of one day: what was deferred is earned. Negative where credits outweigh it. */
export function revenueRecognized(
  { booksCode, day, amount }: EarnedDay,
  legalEntityCode: string,
  bookedOn: LocalDate,
  recordedAt: Date,
): LedgerEntry | null {
  return ledgerEntry(
    {
      kind: 'REVENUE_RECOGNIZED',
      causeId: `${booksCode}:${amount.currency}:${day}`,
      legalEntityCode,
      currency: amount.currency,
      bookedOn,
      recordedAt,
      accountId: null,
      invoiceId: null,
    },
    [
      { account: 'DEFERRED_REVENUE', amount },
      { account: 'REVENUE', amount: negate(amount) },
    ],
  );
}
