import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { negate, subtract } from '@fulfillment/kernel/domain/money';
import type { InvoiceDraft, Payment } from '../invoice.js';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** A payment: cash settles what was due; what was not due any more is credit of the account. */
export function paymentReceived(
  payment: Payment,
  invoice: Pick<InvoiceDraft, 'legalEntityCode' | 'invoiceOwnerAccountId'>,
  bookedOn: LocalDate,
): LedgerEntry | null {
  const { id, invoiceId, amount, overpaid, receivedAt } = payment;
  return ledgerEntry(
    {
      kind: 'PAYMENT_RECEIVED',
      causeId: id,
      legalEntityCode: invoice.legalEntityCode,
      currency: amount.currency,
      bookedOn,
      recordedAt: receivedAt,
      accountId: invoice.invoiceOwnerAccountId,
      invoiceId,
    },
    [
      { account: 'CASH', amount },
      { account: 'RECEIVABLES', amount: negate(subtract(amount, overpaid)) },
      { account: 'ACCOUNT_CREDIT', amount: negate(overpaid) },
    ],
  );
}
