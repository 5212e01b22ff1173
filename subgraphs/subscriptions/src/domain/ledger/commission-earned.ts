import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type Money, negate } from '@fulfillment/kernel/domain/money';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** What a partner earned on a document of ours; negative where a credit takes it back. */
export interface EarnedCommission {
  readonly id: string;
  readonly legalEntityCode: string;
  readonly amount: Money;
}

/** A commission: an expense of the legal entity that sold, which it owes the partner; a commission taken back is its negative. */
export function commissionEarned(
  { id, legalEntityCode, amount }: EarnedCommission,
  bookedOn: LocalDate,
  recordedAt: Date,
): LedgerEntry | null {
  return ledgerEntry(
    {
      kind: 'COMMISSION_EARNED',
      causeId: id,
      legalEntityCode,
      currency: amount.currency,
      bookedOn,
      recordedAt,
      accountId: null,
      invoiceId: null,
    },
    [
      { account: 'COMMISSION_EXPENSE', amount },
      { account: 'COMMISSION_PAYABLE', amount: negate(amount) },
    ],
  );
}
