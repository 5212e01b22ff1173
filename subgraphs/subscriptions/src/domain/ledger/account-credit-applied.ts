import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { negate } from '@fulfillment/kernel/domain/money';
import type { CreditUse, OpenInvoice } from '../receivables/account-credit.js';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** Account credit settles a part of what is owed: no money moves. */
export function accountCreditApplied(
  use: CreditUse,
  invoice: OpenInvoice,
  bookedOn: LocalDate,
): LedgerEntry | null {
  const { id, amount, usedAt } = use;
  return ledgerEntry(
    {
      kind: 'ACCOUNT_CREDIT_APPLIED',
      causeId: id,
      legalEntityCode: invoice.legalEntityCode,
      currency: amount.currency,
      bookedOn,
      recordedAt: usedAt,
      accountId: invoice.accountId,
      invoiceId: invoice.id,
    },
    [
      { account: 'ACCOUNT_CREDIT', amount },
      { account: 'RECEIVABLES', amount: negate(amount) },
    ],
  );
}
