import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { negate, subtract } from '@fulfillment/kernel/domain/money';
import type { InvoiceDraft } from '../invoice.js';
import type { Refund } from '../receivables/refund.js';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** A refund: cash goes back for account credit that the customer had; what goes beyond is our expense. */
export function paymentRefunded(
  refund: Refund,
  invoice: Pick<InvoiceDraft, 'legalEntityCode' | 'invoiceOwnerAccountId'>,
  bookedOn: LocalDate,
): LedgerEntry | null {
  const { id, amount, fromCredit, refundedAt } = refund;
  return ledgerEntry(
    {
      kind: 'PAYMENT_REFUNDED',
      causeId: id,
      legalEntityCode: invoice.legalEntityCode,
      currency: amount.currency,
      bookedOn,
      recordedAt: refundedAt,
      accountId: invoice.invoiceOwnerAccountId,
      invoiceId: null,
    },
    [
      { account: 'ACCOUNT_CREDIT', amount: fromCredit },
      { account: 'REFUNDS', amount: subtract(amount, fromCredit) },
      { account: 'CASH', amount: negate(amount) },
    ],
  );
}
