import { negate } from '@fulfillment/kernel/domain/money';
import type { Adjustment } from '../receivables/approval.js';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** An adjustment: what two people agreed to move from one ledger account to another. */
export function adjusted(adjustment: Adjustment, approvedAt: Date): LedgerEntry | null {
  const { id, legalEntityCode, amount, bookedOn, debit, credit } = adjustment;
  return ledgerEntry(
    {
      kind: 'ADJUSTMENT',
      causeId: id,
      legalEntityCode,
      currency: amount.currency,
      bookedOn,
      recordedAt: approvedAt,
      accountId: null,
      invoiceId: null,
    },
    [
      { account: debit, amount },
      { account: credit, amount: negate(amount) },
    ],
  );
}
