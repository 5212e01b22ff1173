import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { negate } from '@fulfillment/kernel/domain/money';
import type { CreditMemoDraft } from '../receivables/credit-memo.js';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** A credit memo: unearned revenue and its tax are taken back, and become credit of the account. */
export function creditMemoPosted(memo: CreditMemoDraft, bookedOn: LocalDate): LedgerEntry | null {
  const { id, legalEntityCode, currency, invoiceOwnerAccountId, postedAt, net, tax, total } = memo;
  return ledgerEntry(
    {
      kind: 'CREDIT_MEMO_POSTED',
      causeId: id,
      legalEntityCode,
      currency,
      bookedOn,
      recordedAt: postedAt,
      accountId: invoiceOwnerAccountId,
      invoiceId: null,
    },
    [
      { account: 'DEFERRED_REVENUE', amount: net },
      { account: 'TAX_PAYABLE', amount: tax },
      { account: 'ACCOUNT_CREDIT', amount: negate(total) },
    ],
  );
}
