import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type Money, negate } from '@fulfillment/kernel/domain/money';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** What was earned on one day by one legal entity in one currency. */
export interface EarnedDay {
  readonly legalEntityCode: string;
  readonly day: LocalDate;
  readonly amount: Money;
}

/** Revenue of one day: what was deferred is earned. Negative where credits outweigh it. */
export function revenueRecognized(
  { legalEntityCode, day, amount }: EarnedDay,
  bookedOn: LocalDate,
  recordedAt: Date,
): LedgerEntry | null {
  return ledgerEntry(
    {
      kind: 'REVENUE_RECOGNIZED',
      causeId: `${legalEntityCode}:${amount.currency}:${day}`,
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
