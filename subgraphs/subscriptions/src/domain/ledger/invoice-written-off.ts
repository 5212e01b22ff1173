import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { negate } from '@fulfillment/kernel/domain/money';
import type { InvoiceDraft } from '../invoice.js';
import type { WriteOff } from '../receivables/approval.js';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** A write-off: what nobody will pay any more is a loss. */
export function invoiceWrittenOff(
  writeOff: WriteOff,
  invoice: Pick<InvoiceDraft, 'legalEntityCode' | 'invoiceOwnerAccountId'>,
  approved: { readonly bookedOn: LocalDate; readonly at: Date },
): LedgerEntry | null {
  const { id, invoiceId, amount } = writeOff;
  return ledgerEntry(
    {
      kind: 'INVOICE_WRITTEN_OFF',
      causeId: id,
      legalEntityCode: invoice.legalEntityCode,
      currency: amount.currency,
      bookedOn: approved.bookedOn,
      recordedAt: approved.at,
      accountId: invoice.invoiceOwnerAccountId,
      invoiceId,
    },
    [
      { account: 'BAD_DEBT', amount },
      { account: 'RECEIVABLES', amount: negate(amount) },
    ],
  );
}
