import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { negate } from '@fulfillment/kernel/domain/money';
import type { InvoiceDraft } from '../invoice.js';
import { ledgerEntry, type LedgerEntry } from './entry.js';

/** An invoice: what is owed to us is revenue that is not earned yet, and tax that we owe on. */
export function invoicePosted(invoice: InvoiceDraft, bookedOn: LocalDate): LedgerEntry | null {
  const { id, legalEntityCode, currency, invoiceOwnerAccountId, postedAt, net, tax, total } = invoice;
  return ledgerEntry(
    {
      kind: 'INVOICE_POSTED',
      causeId: id,
      legalEntityCode,
      currency,
      bookedOn,
      recordedAt: postedAt,
      accountId: invoiceOwnerAccountId,
      invoiceId: id,
    },
    [
      { account: 'RECEIVABLES', amount: total },
      { account: 'DEFERRED_REVENUE', amount: negate(net) },
      { account: 'TAX_PAYABLE', amount: negate(tax) },
    ],
  );
}
